BeforeAll {
    . $PSScriptRoot/Support.ps1
    $log = Join-Path $TestDrive 'simple_daemon.log'
    $options = "-LogPath '$TestDrive'"

    # Runs a daemon in a session of its own, sends it a signal when its output says "begun", and waits for its end.
    function Invoke-Signalled([string] $Command, [string] $Signal) {
        $script = Join-Path $TestDrive 'daemon.ps1'
        $out = Join-Path $TestDrive 'out.txt'
        Remove-Item $log, $out -ErrorAction Ignore
        Set-Content $script "`$PSStyle.OutputRendering = 'PlainText'; Import-Module '$module'; $Command; 'after it'"
        $session = Start-Process $pwsh '-NoProfile', '-NonInteractive', '-File', $script -PassThru -RedirectStandardOutput $out -RedirectStandardError "$TestDrive/err.txt"
        Wait-Until { $session.HasExited -or (Select-String begun $out -Quiet -ErrorAction Ignore) } 'it has begun'
        if ($session.HasExited) { throw "it did not begin: $(Get-Content $out, "$TestDrive/err.txt")" }
        /bin/kill "-$Signal" $session.Id
        $ended = $session.WaitForExit($patience)
        if (-not $ended) { $session.Kill() }
        [pscustomobject]@{ Ended = $ended; ExitCode = $session.ExitCode; Id = $session.Id; Output = @(Get-Content $out); Log = @(Get-Content $log -ErrorAction Ignore) }
    }

    function Get-Message($Run) { $Run.Log | ForEach-Object { ($_ -split ' - ', 4)[3] } }
}

Describe 'Invoke-Daemon' {
    It 'passive: <Signal> reaches the work, which finishes' -ForEach @(@{ Signal = 'TERM'; Number = 15 }, @{ Signal = 'INT'; Number = 2 }) {
        $run = Invoke-Signalled -Signal $Signal "Invoke-Daemon -Name MyDaemon $options {
            param(`$daemon)
            while (-not `$daemon.Interrupted) { 'begun'; `$daemon.Wait('600s') }
            Start-Sleep -Milliseconds 100
            'finished' }"
        $run.Ended | Should -BeTrue
        $run.ExitCode | Should -Be 0
        $run.Output | Should -Be 'begun', 'finished', 'after it'
        $run.Log | Should -HaveCount 6
        $run.Log | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - MyDaemon - (INFO|DEBUG) - '
        Get-Message $run | Should -Be @(
            "PID: $($run.Id)", 'Set signal handler: 2', 'Set signal handler: 15', 'Mode: PASSIVE', 'interrupted == True', "Received $Number signal.")
    }

    It 'aggressive: <Signal> breaks off <Work>' -ForEach @(
        foreach ($signal in @{ Signal = 'TERM'; Number = 15 }, @{ Signal = 'INT'; Number = 2 }) {
            $signal + @{ Work = 'Start-Sleep 600' }
            $signal + @{ Work = 'while ($true) { }' }
            $signal + @{ Work = '$daemon.Wait(600)' }
            $signal + @{ Work = 'while ($true) { try { Start-Sleep 600 } catch { } }' }
        }
    ) {
        $run = Invoke-Signalled -Signal $Signal "Invoke-Daemon MyDaemon -InterruptMode Aggressive $options { param(`$daemon) try { 'begun'; $Work; 'not here' } finally { `$daemon.Info('cleaned up') } }"
        $run.Ended | Should -BeTrue
        $run.ExitCode | Should -Be 0
        $run.Output | Should -Be 'begun', 'SimpleDaemon Exit', 'after it'
        Get-Message $run | Should -Be @(
            "PID: $($run.Id)", 'Set signal handler: 2', 'Set signal handler: 15', 'Mode: AGGRESSIVE', "Received $Number signal.", 'Graceful Interrupt...', 'cleaned up')
    }

    It 'aggressive: a call into .NET that does not come back ends with the process' {
        $run = Invoke-Signalled -Signal TERM "Invoke-Daemon MyDaemon -InterruptMode Aggressive $options { 'begun'; [System.Threading.Thread]::Sleep(600000) }"
        $run.Ended | Should -BeTrue
        $run.ExitCode | Should -Be 0
        (Get-Message $run)[-1] | Should -Be 'The work has gone on for 2 s after it was interrupted; the process ends.'
    }

    It 'runs in the session of its caller and streams what it writes' {
        function Get-Square($Number) { $Number * $Number }
        $factor = 10
        Invoke-Daemon MyDaemon -LogPath $TestDrive { 1..1000 | ForEach-Object { (Get-Square $_) * $factor } } | Select-Object -First 3 | Should -Be 10, 40, 90
        Invoke-Daemon MyDaemon -LogPath $TestDrive { param($daemon) $daemon.Name; $daemon.Interrupted } | Should -Be 'MyDaemon', $false
    }

    It 'writes levels, formats and rotated files as asked' {
        $folder = Join-Path $TestDrive 'rotated'
        Invoke-Daemon MyDaemon -LogPath $folder -LogName my.log -LogLevel Warning -LogFormat '%(levelname)-8s %(message)s' -MaxLogSize 100 -MaxLogFiles 3 {
            param($daemon)
            foreach ($number in 1..50) { $daemon.Info('no'); $daemon.Warning("line $number") }
        }
        $files = Get-ChildItem $folder
        $files | Should -HaveCount 4
        $files.Length | Should -BeLessOrEqual 100
        Get-Content (Join-Path $folder 'my.log') -Tail 1 | Should -Be 'WARNING  line 50'
    }

    It 'passes errors on, and ends with what the work throws' {
        $ErrorActionPreference = 'Continue'
        $written = [System.Collections.Generic.List[object]]::new()
        { Invoke-Daemon MyDaemon -LogPath $TestDrive { Write-Error 'first' -ErrorId First; 'goes on'; throw 'second' } 2>&1 | ForEach-Object { $written.Add($_) } } |
            Should -Throw 'second'
        $written | Should -HaveCount 2
        $written[0].Exception.Message | Should -Be 'first'
        $written[1] | Should -Be 'goes on'
    }

    It 'tells what is wrong with <Wrong>' -ForEach @(
        @{ Wrong = 'the log'; Options = @{ LogPath = '/proc/nowhere' }; Id = 'System' }
        @{ Wrong = 'the format'; Options = @{ LogFormat = '%(nome)s' }; Id = 'InvalidArgument' }
    ) {
        $arguments = @{ LogPath = $TestDrive } + @{}
        foreach ($key in $Options.Keys) { $arguments[$key] = $Options[$key] }
        $outcome = Get-Outcome { Invoke-Daemon MyDaemon @arguments { 'never' } }
        $outcome.Objects | Should -BeNullOrEmpty
        $outcome.Errors.FullyQualifiedErrorId | Should -Match "^$Id,"
        $outcome.Errors.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'ends when its host stops the pipeline' {
        $session = [powershell]::Create().AddScript("Import-Module '$module'; Invoke-Daemon MyDaemon $options { 'begun'; while (`$true) { Start-Sleep 600 } }")
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $null = $session.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]] $null, $output)
        while ($output.Count -eq 0) { Start-Sleep -Milliseconds 20 }
        $session.Stop()
        $session.InvocationStateInfo.State | Should -Be 'Stopped'
        $session.Dispose()
    }
}
