BeforeAll {
    . $PSScriptRoot/Support.ps1
    $shared = $env:SERVICECTL_HOME
    $env:SERVICECTL_HOME = Join-Path (Split-Path $shared) 'second'
}

AfterAll {
    Stop-PyServiceAgent -Force
    $env:SERVICECTL_HOME = $shared
}

Describe 'The agent' {
    It 'is not there before it is needed, and asking starts none' {
        Get-PyServiceAgent | Should -BeNullOrEmpty
        Join-Path $env:SERVICECTL_HOME 'agent.sock' | Should -Not -Exist
    }

    It 'is started on demand' {
        Start-PyServiceAgent | Should -BeNullOrEmpty
        $agent = Get-PyServiceAgent
        $agent | Should -BeOfType ServiceCtl.Contracts.AgentInfo
        $agent.Socket | Should -Be (Join-Path $env:SERVICECTL_HOME 'agent.sock')
        $agent.Services | Should -Be 0
        (Start-PyServiceAgent -PassThru).Pid | Should -Be $agent.Pid
    }

    It 'is stopped, and that twice does no harm' {
        $process = (Get-PyServiceAgent).Pid
        Stop-PyServiceAgent | Should -BeNullOrEmpty
        Get-PyServiceAgent | Should -BeNullOrEmpty
        Test-Ended $process | Should -BeTrue
        Stop-PyServiceAgent
    }

    It 'is started by the first cmdlet that needs it' {
        Get-PyService | Should -BeNullOrEmpty
        Get-PyServiceAgent | Should -HaveCount 1
    }

    It 'is not stopped under running services, unless that is forced' {
        $null = Add-FlaskService kept
        $process = (Start-PyService kept -PassThru).Pid
        $outcome = Get-Outcome { Stop-PyServiceAgent }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'AgentBusy,ServiceCtl.Cmdlets.StopPyServiceAgentCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        "$($outcome.Errors[0])" | Should -Match 'kept'
        Stop-PyServiceAgent -Force
        Get-PyServiceAgent | Should -BeNullOrEmpty
        Test-Ended $process | Should -BeTrue
    }

    It 'leaves the services running where that is asked for, and its successor takes them on' {
        $process = (Start-PyService kept -PassThru).Pid
        Stop-PyServiceAgent -KeepServices -WhatIf
        Get-PyServiceAgent | Should -HaveCount 1
        Stop-PyServiceAgent -KeepServices | Should -BeNullOrEmpty
        Get-PyServiceAgent | Should -BeNullOrEmpty
        Test-Ended $process -Within 0:0:1 | Should -BeFalse
        (Get-PyService kept).Pid | Should -Be $process
        $agent = (Get-PyServiceAgent).Pid
        Restart-PyServiceAgent -WhatIf
        (Get-PyServiceAgent).Pid | Should -Be $agent
        (Restart-PyServiceAgent -PassThru).Pid | Should -Not -Be $agent
        (Get-PyService kept).Pid | Should -Be $process
        { Stop-PyServiceAgent -KeepServices -Force } | Should -Throw -ErrorId 'AmbiguousParameterSet,ServiceCtl.Cmdlets.StopPyServiceAgentCommand'
        Stop-PyServiceAgent -Force
    }

    It 'outlives the session that started it, and so do its services' {
        Invoke-FreshSession -Import 'Start-PyService kept'
        (Get-PyService kept).State | Should -Be 'Running'
    }
}
