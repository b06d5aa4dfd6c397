BeforeAll {
    . $PSScriptRoot/Support.ps1
    'web', 'web-test', 'Auth' | ForEach-Object { Add-FlaskService $_ }

    # On a machine that is busy with something else, the names may not be there in time: like a user, press the key again.
    function Complete([string] $Line) {
        foreach ($press in 1..3) {
            $found = (TabExpansion2 $Line -cursorColumn $Line.Length).CompletionMatches
            if ($found) { return $found }
        }
    }

    # With an agent home of its own, in this session.
    function Use-Home([string] $Path, [scriptblock] $Block) {
        $before = $env:SERVICECTL_HOME
        $env:SERVICECTL_HOME = $Path
        try { & $Block } finally { $env:SERVICECTL_HOME = $before }
    }
}

AfterAll { Remove-AllServices }

Describe 'Completing names of services' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'Get-PyService w'; Expected = 'web', 'web-test' }
        @{ Line = 'Get-PyService a'; Expected = 'Auth' }
        @{ Line = 'Get-PyService -Name web-'; Expected = 'web-test' }
        @{ Line = 'Get-PyServiceStatus '; Expected = 'Auth', 'web', 'web-test' }
        @{ Line = 'Start-PyService web, A'; Expected = 'Auth' }
        @{ Line = 'Stop-PyService -ServiceName W'; Expected = 'web', 'web-test' }
        @{ Line = 'Restart-PyService -Hot w'; Expected = 'web', 'web-test' }
        @{ Line = 'Wait-PyService *-t'; Expected = 'web-test' }
        @{ Line = "Unregister-PyService 'web-"; Expected = 'web-test' }
    ) {
        (Complete $Line).CompletionText | Should -Be $Expected
    }

    It 'tells what the service is in the tip' {
        (Complete 'Get-PyService web-').ToolTip | Should -Match '^Stopped, 127\.0\.0\.1:\d+, /.*/web-test$'
    }

    It 'starts no agent' {
        $home2 = Join-Path $TestDrive 'none'
        Use-Home $home2 { (Complete 'Get-PyService w').CompletionText | Should -Not -Contain 'web' }
        $home2 | Should -Not -Exist
    }

    It 'does not wait for an agent that does not answer' {
        $home2 = New-Item -ItemType Directory (Join-Path $TestDrive 'mute')
        $socket = [System.Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $socket.Bind([System.Net.Sockets.UnixDomainSocketEndPoint]::new((Join-Path $home2 'agent.sock')))
        $socket.Listen()
        $completer = [ServiceCtl.Cmdlets.Completion.ServiceNameCompleter]::new()
        try {
            Use-Home $home2 {
                Get-Quickest -Goal 400 {
                    (Measure-Command { $completer.CompleteArgument('Get-PyService', 'Name', 'w', $null, @{}) | Should -BeNullOrEmpty }).TotalMilliseconds
                } | Should -BeLessThan 400
            }
        }
        finally {
            $socket.Dispose()
        }
    }

    It 'survives any input: <_>' -ForEach '[', '`', "'", '"', '*', '$(' {
        $completer = [ServiceCtl.Cmdlets.Completion.ServiceNameCompleter]::new()
        { $completer.CompleteArgument('Get-PyService', 'Name', $_, $null, @{}) } | Should -Not -Throw
    }

    It 'takes moments' {
        $null = Complete 'Get-PyService w'
        Get-Quickest -Goal 100 { (Measure-Command { Complete 'Get-PyService w' }).TotalMilliseconds } | Should -BeLessThan 100
    }
}

Describe 'Completing the rest' {
    It 'completes the states' {
        (Complete 'Wait-PyService web -State R').CompletionText | Should -Be 'Restarting', 'Running'
        (Complete 'Wait-PyService web S').CompletionText | Should -Be 'Starting', 'Stopped', 'Stopping'
    }

    It 'completes -Hot' {
        (Complete 'Restart-PyService -Ho').CompletionText | Should -Be '-Hot', '-HostName'
    }

    It 'knows what comes out of the pipeline' {
        (Complete 'Get-PyService | Where-Object Gen').CompletionText | Should -Be 'Generation'
        (Complete 'Get-PyServiceStatus | Select-Object Mem').CompletionText | Should -Be 'Memory', 'MemoryBytes'
    }
}
