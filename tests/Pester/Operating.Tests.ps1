BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = Add-FlaskService web
    $auth = Add-FlaskService auth
}

AfterAll { Remove-AllServices }

Describe 'Starting' {
    It 'has a warning, and starts, when Consul can not be reached' {
        Start-PyService auth -Consul on -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -Match 'was not registered in Consul'
        (Get-PyService auth).State | Should -Be Running
        Stop-PyService auth -Consul off -WarningVariable none
        $none | Should -BeNullOrEmpty
    }

    It 'refuses another word than on and off for -Consul' {
        { Start-PyService auth -Consul perhaps } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'writes nothing, and the service answers' {
        Start-PyService web | Should -BeNullOrEmpty
        (Invoke-RestMethod "$($web.Url)/version") | Should -Be 'one'
    }

    It 'writes the running service with -PassThru' {
        $service = Start-PyService auth -PassThru
        $service | Should -BeOfType ServiceCtl.Contracts.PyService
        $service.Name | Should -Be 'auth'
        $service.State | Should -Be 'Running'
        Get-Process -Id $service.Pid | Should -Not -BeNullOrEmpty
    }

    It 'leaves a service that runs as it is' {
        $before = Get-PyService web
        (Start-PyService web -PassThru).Pid | Should -Be $before.Pid
    }

    It 'tells the outcome with -Verbose' {
        $told = Start-PyService web -Verbose 4>&1
        "$told" | Should -Match 'web'
    }
}

Describe 'Restarting' {
    It 'gives a new process in full' {
        $before = (Get-PyService web).Pid
        $after = Restart-PyService web -PassThru
        $after.State | Should -Be 'Running'
        $after.Pid | Should -Not -Be $before
    }

    It 'keeps the process and takes the new code with -Hot' {
        $before = (Get-PyService web).Pid
        Set-FlaskCode $web "return 'one'" "return 'two'"
        Restart-PyService web -Hot
        (Invoke-RestMethod "$($web.Url)/version") | Should -Be 'two'
        (Get-PyService web).Pid | Should -Be $before
    }

    It 'refuses code that can not be imported, shows the traceback, and serves on' {
        Set-FlaskCode $web "return 'two'" "return 'three'"
        Add-Content (Join-Path $web.Folder 'app.py') 'import no_such_module'
        $outcome = Get-Outcome { Restart-PyService web -Hot }
        Set-FlaskCode $web 'import no_such_module' ''
        $outcome.Errors | Should -HaveCount 1
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'ImportFailed,ServiceCtl.Cmdlets.RestartPyServiceCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
        $outcome.Errors[0].TargetObject | Should -Be 'web'
        "$($outcome.Errors[0])" | Should -Match 'no_such_module'
        $outcome.Errors[0].Exception | Should -BeOfType ServiceCtl.Contracts.ServiceCtlException
        $outcome.Errors[0].Exception.Report.LogLines -join "`n" | Should -Match 'no_such_module'
        (Invoke-RestMethod "$($web.Url)/version") | Should -Be 'two'
    }

    It 'takes services from the pipeline' {
        $restarted = Get-PyService | Restart-PyService -Hot -PassThru
        $restarted.Name | Sort-Object | Should -Be 'auth', 'web'
    }
}

Describe 'Stopping' {
    It 'ends the process and frees the port' {
        $process = (Get-PyService auth).Pid
        $service = Stop-PyService auth -PassThru
        $service.State | Should -Be 'Stopped'
        $service.Pid | Should -BeNullOrEmpty
        { Invoke-RestMethod "$($auth.Url)/ping" } | Should -Throw
        Test-Ended $process | Should -BeTrue
    }

    It 'leaves a stopped service as it is' {
        Stop-PyService auth | Should -BeNullOrEmpty
    }

    It 'refuses a hot restart of what does not run' {
        $outcome = Get-Outcome { Restart-PyService auth -Hot }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'InvalidState,ServiceCtl.Cmdlets.RestartPyServiceCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
    }
}

Describe 'Several at once' {
    It 'starts side by side what the pipeline brings' {
        Get-PyService | Stop-PyService
        # Each waits until all three have begun.
        $app = "import glob`nopen('begun', 'w').close()`nwhile len(glob.glob('../slow-*/begun')) < 3: time.sleep(0.02)"
        $slow = 1..3 | ForEach-Object { Add-FlaskService "slow-$_" -App $app }
        $started = $slow.Name | Start-PyService -PassThru
        $started.State | Should -Be 'Running', 'Running', 'Running'
        Get-PyService slow-* | Stop-PyService
        Unregister-PyService slow-* -Confirm:$false
    }

    It 'carries out the others when one has failed, even with -ErrorAction Stop, and tells which' {
        $null = Add-FlaskService broken -App 'raise RuntimeError("not today")'
        $outcome = Get-Outcome { Start-PyService broken, web -PassThru -ErrorAction Stop }
        $outcome.Objects.Name | Should -Be 'web'
        $outcome.Errors | Should -HaveCount 1
        $outcome.Errors[0].TargetObject | Should -Be 'broken'
        "$($outcome.Errors[0])" | Should -Match 'not today'
        $outcome.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Unregister-PyService broken -Force -Confirm:$false
    }

    It 'writes each service as soon as it is ready' {
        Stop-PyService web
        $slow = Add-FlaskService a-slow-one -App "import os`nwhile not os.path.exists('released'): time.sleep(0.02)"
        Start-PyService a-slow-one, web -PassThru | ForEach-Object { $_.Name; $null = New-Item (Join-Path $slow.Folder 'released') -Force } | Should -Be 'web', 'a-slow-one'
        Unregister-PyService a-slow-one -Force -Confirm:$false
    }

    It 'shows progress from the first second on, and takes it away again' {
        $session = [powershell]::Create().AddScript("Import-Module '$module'; Start-PyService sleeper -TimeoutSec 3 -ErrorAction Ignore")
        $null = Add-FlaskService sleeper -App 'time.sleep(30)'
        $null = $session.Invoke()
        $shown = $session.Streams.Progress
        $shown | Should -Not -BeNullOrEmpty
        $shown[0].Activity | Should -Be 'Starting services'
        @($shown.StatusDescription) -match 'sleeper' | Should -Not -BeNullOrEmpty
        $shown[-1].RecordType | Should -Be 'Completed'
        $session.Dispose()
        Unregister-PyService sleeper -Force -Confirm:$false
    }

    It 'orders a service once, however often it was named' {
        (Stop-PyService web, w*, web -PassThru) | Should -HaveCount 1
    }
}

Describe 'Not waiting' {
    It 'returns when the order was taken' {
        Start-PyService web -NoWait | Should -BeNullOrEmpty
        (Wait-PyService web -State Running -PassThru).State | Should -Be 'Running'
    }

    It 'gives up after -TimeoutSec, with the reason' {
        $outcome = Get-Outcome { Add-FlaskService sleeper -App 'time.sleep(30)' | Start-PyService -TimeoutSec 1 }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'NotReady,ServiceCtl.Cmdlets.StartPyServiceCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        Unregister-PyService sleeper -Force -Confirm:$false
    }
}
