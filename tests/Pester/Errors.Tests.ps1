BeforeAll { . $PSScriptRoot/Support.ps1 }

AfterAll { Remove-AllServices }

Describe 'Errors of the engine' {
    It 'has a true category for <_>' -ForEach ([enum]::GetNames([ServiceCtl.Contracts.ErrorCode])) {
        $records = [ServiceCtl.Cmdlets.GetPyServiceCommand].Assembly.GetType('ServiceCtl.Cmdlets.Pipeline.ErrorRecords', $true)
        $category = $records.GetMethod('CategoryOf').Invoke($null, @([ServiceCtl.Contracts.ErrorCode] $_))
        $category | Should -Not -Be 'NotSpecified'
    }

    It 'tells who holds the port' {
        $web = Add-FlaskService web
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, $web.Port)
        $listener.Start()
        try {
            $outcome = Get-Outcome { Start-PyService web }
        }
        finally {
            $listener.Stop()
        }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'AddressInUse,ServiceCtl.Cmdlets.StartPyServiceCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        $outcome.Errors[0].TargetObject | Should -Be 'web'
        "$($outcome.Errors[0])" | Should -Match "$($web.Port).*$PID"
    }

    It 'shows the faults of a configuration that was broken after it was registered' {
        $broken = Add-FlaskService broken
        Add-Content $broken.Config 'local_ip: [1'
        $outcome = Get-Outcome { Start-PyService broken }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'ConfigInvalid,ServiceCtl.Cmdlets.StartPyServiceCommand'
        "$($outcome.Errors[0])" | Should -Match ([regex]::Escape($broken.Config) + ':\d+:\d+')
    }

    It 'shows message, place and advice to somebody who reads them' {
        $broken = Add-FlaskService shown
        Add-Content $broken.Config 'local_ip: [1'
        $shown = Get-Outcome { Start-PyService shown } | ForEach-Object { $_.Errors | Out-String }
        $shown | Should -Match 'Start-PyService:'
        $shown | Should -Match 'config\.yaml:\d+:\d+'
        $shown | Should -Match 'Recommendation:'
    }

    It 'ends the command when the agent can not be reached' {
        $before = $env:SERVICECTL_HOME
        # Too long for the address of a Unix socket.
        $env:SERVICECTL_HOME = Join-Path $TestDrive ('x' * 120)
        try {
            $error = { 'a', 'b' | Get-PyService -ErrorAction Continue } | Should -Throw -PassThru
        }
        finally {
            $env:SERVICECTL_HOME = $before
        }
        $error.FullyQualifiedErrorId | Should -Be 'AgentUnreachable,ServiceCtl.Cmdlets.GetPyServiceCommand'
        $error.CategoryInfo.Category | Should -Be 'ConnectionError'
        $error.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'begins with the traceback when a start failed, without the banner of the server' {
        $null = Add-FlaskService banner -App 'raise RuntimeError("not today")'
        $lines = (Get-Outcome { Start-PyService banner }).Errors[0].Exception.Report.LogLines
        $lines[0] | Should -Be 'Traceback (most recent call last):'
        $lines -join "`n" | Should -Not -Match 'Starting uWSGI|running as root|memory page size'
    }

    It 'concern one target, and go by -ErrorAction: <Title>' -ForEach @(
        @{ Title = 'an agent that is busy'; Block = { Add-FlaskService busy | Start-PyService; Stop-PyServiceAgent -ErrorAction SilentlyContinue -ErrorVariable +seen; 'went on' }; Id = 'AgentBusy' }
        @{ Title = 'a file that is there'; Block = { New-PyServiceConfig "$PSScriptRoot/Errors.Tests.ps1" -ErrorAction SilentlyContinue -ErrorVariable +seen; 'went on' }; Id = 'FileExists' }
    ) {
        $seen = @()
        . $Block | Should -Be 'went on'
        $seen[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'can be caught by type, and hands out the report' {
        try {
            Get-PyService nosuch -ErrorAction Stop
            throw 'nothing was thrown'
        }
        catch [ServiceCtl.Contracts.ServiceCtlException] {
            $_.Exception.Code | Should -Be 'ServiceNotFound'
            $_.Exception.Report.Target | Should -Be 'nosuch'
        }
    }
}

Describe 'Limits' {
    It 'refuses a time limit out of range: <_>' -ForEach 0, -1, 86401 {
        { Start-PyService web -TimeoutSec $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { Wait-PyService web -TimeoutSec $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
