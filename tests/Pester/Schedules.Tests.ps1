BeforeAll {
    . $PSScriptRoot/Support.ps1

    $folder = Join-Path (Split-Path $env:SERVICECTL_HOME) 'scheduled'
    $null = New-Item -ItemType Directory $folder
    Set-Content (Join-Path $folder 'config.yaml') @'
SERVICE_NAME: scheduled
service:
  runner: command
  command: [sleep, '600']
  ready: {delay: 10ms}
  schedule:
    - {name: hello, cron: "0 0 1 1 *", run: [echo, hello], time_zone: Europe/Berlin}
    - {name: broken, cron: "@yearly", run: [sh, -c, "echo no database; exit 3"]}
'@
    Register-PyService $folder
    Start-PyService scheduled
}

AfterAll { Stop-PyService scheduled; Unregister-PyService scheduled -Confirm:$false }

Describe 'Get-PyServiceSchedule' {
    It 'tells what is done next, and chooses by name' {
        $all = Get-PyService scheduled | Get-PyServiceSchedule
        $all.Name | Should -Be 'broken', 'hello'
        $hello = Get-PyServiceSchedule scheduled h*
        $hello.Does | Should -Be 'echo hello'
        $hello.TimeZone | Should -Be 'Europe/Berlin'
        $hello.NextAt | Should -BeGreaterThan ([datetimeoffset]::Now)
        $hello.LastOutcome | Should -BeNullOrEmpty
    }
}

Describe 'Invoke-PyServiceSchedule' {
    It 'does it now, waits for the end and writes how it ended' {
        $done = Invoke-PyServiceSchedule scheduled hello
        $done.LastOutcome | Should -Be Succeeded
        Get-Content $done.LogPath | Should -Be 'hello'
        (Get-PyServiceEvent scheduled -Kind ScheduleRan -Last 1).Message | Should -Match '^The schedule hello of scheduled ran for'
    }

    It 'makes an error of a failure, with what it printed in the event' {
        $outcome = Get-Outcome { Get-PyService scheduled | Invoke-PyServiceSchedule -Schedule broken -ErrorAction Continue }
        $outcome.Objects.LastOutcome | Should -Be Failed
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ScheduleFailed,ServiceCtl.Cmdlets.InvokePyServiceScheduleCommand'
        (Get-PyServiceEvent scheduled -Kind ScheduleFailed -Last 1).Exit.LastLines | Should -Be 'no database'
    }

    It 'refuses a name that is not there, and names those that are' {
        $outcome = Get-Outcome { Invoke-PyServiceSchedule scheduled hallo -ErrorAction Continue }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'InvalidArgument,ServiceCtl.Cmdlets.InvokePyServiceScheduleCommand'
        { Invoke-PyServiceSchedule scheduled } | Should -Throw '*No schedule was named*'
    }
}
