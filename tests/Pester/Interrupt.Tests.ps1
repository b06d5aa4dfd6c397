BeforeAll {
    . $PSScriptRoot/Support.ps1
    $null = Add-FlaskService web
    $null = Add-FlaskService sleeper -App 'time.sleep(30)'
    Start-PyService web

    # Runs a command in a session of its own, sends that session SIGINT in the middle of it, and tells after how many milliseconds it ended.
    function Measure-Interrupt([string] $Command, [scriptblock] $Begun) {
        $script = Join-Path $TestDrive 'interrupted.ps1'
        $ended = Join-Path $TestDrive 'ended.txt'
        Remove-Item $ended -ErrorAction Ignore
        Set-Content $script @"
            Import-Module '$module'
            Get-PyService | Out-Null
            try { $Command }
            finally { [System.IO.File]::WriteAllText('$ended', [datetimeoffset]::UtcNow.ToUnixTimeMilliseconds()) }
"@
        $session = Start-Process $pwsh '-NoProfile', '-NonInteractive', '-File', $script -PassThru -RedirectStandardOutput "$TestDrive/out.txt" -RedirectStandardError "$TestDrive/err.txt"
        $patience = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not (& $Begun)) {
            if ($patience.Elapsed.TotalSeconds -gt 20 -or $session.HasExited) { throw "it has not begun: $(Get-Content "$TestDrive/err.txt")" }
            Start-Sleep -Milliseconds 50
        }
        Start-Sleep -Milliseconds 500
        $ended | Should -Not -Exist -Because 'it is in the middle of the command'
        $sent = [datetimeoffset]::UtcNow.ToUnixTimeMilliseconds()
        /bin/kill -INT $session.Id
        $session.WaitForExit(10000) | Should -BeTrue
        [long] (Get-Content $ended) - $sent
    }

    # Connections to the agent beside our own: somebody is waiting for an answer.
    function Test-Waiting {
        @(Get-Content /proc/net/unix | Where-Object { $_ -like "*$env:SERVICECTL_HOME/agent.sock" -and $_ -match ' 03 \d+ /' }).Count -gt 0
    }
}

AfterAll { Remove-AllServices }

Describe 'Ctrl+C' {
    It 'ends waiting within 200 ms' {
        $took = Measure-Interrupt 'Wait-PyService web -State Failed -TimeoutSec 60' { Test-Waiting }
        $took | Should -BeLessThan 200
        (Get-PyService web).State | Should -Be 'Running'
    }

    It 'ends following within 200 ms: <_>' -ForEach 'Get-PyServiceLog web -Follow', 'Get-PyServiceEvent -Follow' {
        $seen = Join-Path $TestDrive 'out.txt'
        Measure-Interrupt "$_ -Tail 1" { (Get-Item $seen -ErrorAction Ignore).Length -gt 0 } | Should -BeLessThan 200
    }

    It 'ends a start within 200 ms, and the service is as it was' {
        $took = Measure-Interrupt 'Start-PyService sleeper' { (Get-PyService sleeper).State -eq 'Starting' }
        $took | Should -BeLessThan 200
        Wait-PyService sleeper -State Stopped -TimeoutSec 10
        (Get-PyService web).State | Should -Be 'Running'
    }

    It 'ends what stands still in the pipeline: <Command>' -ForEach @(
        @{ Command = 'Wait-PyService web -State Failed -TimeoutSec 60' }
        @{ Command = 'Start-PyService sleeper' }
        @{ Command = 'Get-PyService | Wait-PyService -State Idle -PassThru | Out-Null' }
    ) {
        $session = [powershell]::Create().AddScript("Import-Module '$module'; $Command")
        $null = $session.BeginInvoke()
        Start-Sleep -Milliseconds 1500
        $session.InvocationStateInfo.State | Should -Be 'Running'
        (Measure-Command { $session.Stop() }).TotalMilliseconds | Should -BeLessThan 200
        $session.Dispose()
    }
}
