#Requires -Modules Pester

# What has failed, the rules, and what they would do.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Support.ps1')
    Import-Module $module
    $folder = Join-Path $TestDrive 'ruled'
    $null = New-Item -ItemType Directory $folder
    Set-Content (Join-Path $folder 'config.yaml') @'
service:
  runner: command
  command: [/bin/sleep, '1000']
  on_failure:
    - {name: conf, match: {exit: 78, phase: start}, do: stop, code: CFG}
    - {match: {signal: KILL}, do: stop, code: KILLED, notify: {critical: "{service}!"}, record: {level: critical}}
    - {match: {module: shop.*}, do: record, code: SHOP, text: "{exception} in {module}"}
'@
    $null = Register-PyService $folder
}

AfterAll {
    Stop-PyService ruled -ErrorAction Ignore
    Unregister-PyService ruled -Confirm:$false -ErrorAction Ignore
}

Describe 'Get-PyServiceFailurePolicy' {
    It 'writes every rule with its place, and service.restart at the end' {
        $rules = Get-PyServiceFailurePolicy ruled
        $rules.Name | Should -Be 'conf', $null, $null, 'service.restart'
        $rules[0].Place | Should -BeLike '*config.yaml:5:*'
        $rules[1].Notify, $rules[1].Record | Should -Be 'critical', 'critical, to journal'
    }
}

Describe 'Test-PyServiceFailurePolicy' {
    It 'decides and does nothing' {
        (Test-PyServiceFailurePolicy ruled -ExitCode 78 -Starting).Rule | Should -Be 'conf'
        (Test-PyServiceFailurePolicy ruled -ExitCode 78).Action | Should -Be 'restart'
        (Test-PyServiceFailurePolicy ruled -Signal SIGKILL).Code | Should -Be 'KILLED'
        (Test-PyServiceFailurePolicy ruled -OutOfMemory).Cause | Should -Be 'killed by the kernel for want of memory'
        (Test-PyServiceFailurePolicy ruled -LogLine 'a line').Action | Should -Be 'none'
        (Test-PyServiceFailurePolicy ruled -ExceptionType KeyError -ExceptionModule shop.basket).Text | Should -Be 'KeyError in shop.basket'
        (Test-PyServiceFailurePolicy ruled -Signal KILL).Notices.Text | Select-Object -Last 1 | Should -Be 'ruled!'
        (Get-Outcome { Test-PyServiceFailurePolicy ruled }).Errors.FullyQualifiedErrorId |
            Should -Be 'InvalidArgument,ServiceCtl.Cmdlets.TestPyServiceFailurePolicyCommand'
    }
}

Describe 'Get-PyServiceFailure' {
    It 'tells the failure, and that the service is left alone' {
        Start-PyService ruled
        /bin/kill -KILL (Get-PyService ruled).Pid
        Wait-PyService ruled -State Failed
        $failures = Get-PyServiceFailure ruled
        $failures.Event | Should -Be 'Failed', 'GivenUp'
        $failures[0].Signal | Should -Be 'SIGKILL'
        (Get-PyServiceStatus ruled).Failure.Code | Should -Be 'KILLED'
        (Get-PyServiceEvent ruled -Level Critical).Kind | Should -Be 'Crashed', 'GaveUp'
        (Get-PyServiceEvent ruled -Level Info)[0].Level | Should -Be 'Info'
    }
}
