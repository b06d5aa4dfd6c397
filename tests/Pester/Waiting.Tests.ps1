BeforeAll {
    . $PSScriptRoot/Support.ps1
    $null = Add-FlaskService web
    $null = Add-FlaskService auth
}

AfterAll { Remove-AllServices }

Describe 'Waiting' {
    It 'returns at once for services that are in the state' {
        Wait-PyService web, auth Stopped | Should -BeNullOrEmpty
        (Wait-PyService * -State Stopped -PassThru).Name | Sort-Object | Should -Be 'auth', 'web'
    }

    It 'returns when the service comes to the state' {
        Start-PyService web -NoWait
        $service = Wait-PyService web -PassThru
        $service | Should -BeOfType ServiceCtl.Contracts.PyService
        $service.State | Should -Be 'Running'
    }

    It 'tells each service that is late, with the state it is in' {
        $outcome = Get-Outcome { Get-PyService | Wait-PyService -State Running -TimeoutSec 5 -PassThru -ErrorAction Continue }
        $outcome.Objects.Name | Should -Be 'web'
        $outcome.Errors | Should -HaveCount 1
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'TimedOut,ServiceCtl.Cmdlets.WaitPyServiceCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        $outcome.Errors[0].TargetObject | Should -Be 'auth'
        "$($outcome.Errors[0])" | Should -Match 'Stopped'
    }

    It 'waits for what was ordered before, also when that has not begun' {
        foreach ($round in 1..3) {
            $before = Get-PyService web
            $taken = Restart-PyService web -NoWait -PassThru
            $taken.State | Should -Be 'Restarting'
            (Wait-PyService web -TimeoutSec 180 -PassThru).Generation | Should -BeGreaterThan $before.Generation
        }
    }

    It 'ends at once, with the reason, for a service that has failed' {
        $null = Add-FlaskService broken -App 'raise RuntimeError("not today")'
        (Start-PyService broken -NoWait -PassThru).State | Should -Be 'Starting'
        $outcome = Get-Outcome { Wait-PyService broken -TimeoutSec 3600 }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'InvalidState,ServiceCtl.Cmdlets.WaitPyServiceCommand'
        "$($outcome.Errors[0])" | Should -Match 'not today'
        (Wait-PyService broken Failed -PassThru).Name | Should -Be broken
        Unregister-PyService broken -Confirm:$false
    }

    It 'shows how long it will wait, and takes that away again' {
        $session = [powershell]::Create().AddScript("Import-Module '$module'; Wait-PyService auth -State Running -TimeoutSec 8")
        $null = $session.Invoke()
        $shown = $session.Streams.Progress
        $shown | Should -Not -BeNullOrEmpty
        $shown[0].Activity | Should -Be 'Waiting until services are Running'
        $shown[0].SecondsRemaining | Should -BeIn (1..7)
        $shown[-1].RecordType | Should -Be 'Completed'
        $session.Dispose()
    }
}
