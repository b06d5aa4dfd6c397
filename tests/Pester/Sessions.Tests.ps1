BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = Add-FlaskService web
    $null = Add-FlaskService auth
    Start-PyService web
}

AfterAll { Remove-AllServices }

Describe 'Other sessions' {
    It 'gives a job the same services, and takes back what comes out of it' {
        $job = Start-Job -ArgumentList $module { param($module) Import-Module $module; Get-PyService; Get-PyServiceStatus web }
        $received = $job | Receive-Job -Wait -AutoRemoveJob
        $received[0].PSTypeNames | Should -Contain 'Deserialized.ServiceCtl.Contracts.PyService'
        $received[-1].PSTypeNames | Should -Contain 'Deserialized.ServiceCtl.Contracts.PyServiceStatus'
        ($received | Get-PyService).Name | Should -Be 'auth', 'web'
        (Stop-PyService $received[0].Name -PassThru).Name | Should -Be 'auth'
        ($received[0] | Start-PyService -PassThru).State | Should -Be 'Running'
        ($received[0] | Stop-PyService -PassThru).State | Should -Be 'Stopped'
    }

    It 'carries errors with their ids out of a job' {
        $job = Start-Job -ArgumentList $module { param($module) Import-Module $module; Get-PyService nosuch }
        $outcome = Get-Outcome { $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Continue }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'ServiceNotFound,ServiceCtl.Cmdlets.GetPyServiceCommand'
    }

    It 'works in runspaces side by side' {
        $states = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:module
            (Restart-PyService web -Hot -PassThru).State
            (Get-PyServiceStatus web).Name
        }
        $states | Where-Object { $_ -eq 'web' } | Should -HaveCount 8
        $states | Where-Object { $_ -eq 'Running' } | Should -HaveCount 8
        (Invoke-RestMethod "$($web.Url)/version") | Should -Be 'one'
    }

    It 'gives two sessions with opposite wishes a true answer each' {
        $answers = 'Start-PyService', 'Stop-PyService', 'Start-PyService', 'Stop-PyService' | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:module
            # A stop withdraws a start that is under way: that is a true answer too, and an error.
            & $_ auth -PassThru 2>&1
        }
        $answers | Should -HaveCount 4
        (Get-PyService auth).State | Should -BeIn 'Running', 'Stopped'
    }
}
