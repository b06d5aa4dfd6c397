BeforeAll {
    . $PSScriptRoot/Support.ps1
    # Takes long to import as soon as there is a file named slow, and leaves a note when it has begun.
    $app = @'
import os
if os.path.exists('slow'):
    open('importing', 'w').close()
    time.sleep(60)

@app.route('/slow')
def slow():
    open('begun', 'w').close()
    while not os.path.exists('released'):
        time.sleep(0.02)
    return 'done'
'@
    $services = @{}
    foreach ($name in 'web', 'sleeper', 'draining') { $services[$name] = Add-FlaskService $name -App $app }
    Add-Content $services.draining.Config 'service: {stop: {timeout: 5m}}'
    $null = New-Item (Join-Path $services.sleeper.Folder 'slow')

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
        Wait-Until $Begun "it has begun: $Command"
        $ended | Should -Not -Exist -Because 'it is in the middle of the command'
        $sent = [datetimeoffset]::UtcNow.ToUnixTimeMilliseconds()
        /bin/kill -INT $session.Id
        $session.WaitForExit($patience) | Should -BeTrue
        [long] (Get-Content $ended) - $sent
    }

    function Start-InSession([string] $Command) {
        $session = [powershell]::Create().AddScript("Import-Module '$module'; $Command")
        $null = $session.BeginInvoke()
        $session
    }

    # Stops the pipeline, as a host does, in the middle of the command, and tells how many milliseconds that took.
    function Stop-Session($Session, [string] $Command) {
        $Session.InvocationStateInfo.State | Should -Be 'Running' -Because "it is in the middle of $Command"
        (Measure-Command { $Session.Stop() }).TotalMilliseconds
        $Session.Dispose()
    }

    function Measure-Stop([string] $Command, [scriptblock] $Begun) {
        $session = Start-InSession $Command
        Wait-Until $Begun "it has begun: $Command"
        Stop-Session $session $Command
    }

    function Test-State([string] $Name, [string] $State) { (Get-PyService $Name).State -eq $State }
}

AfterAll { Remove-AllServices }

Describe 'Ctrl+C' {
    BeforeEach {
        Remove-Item (Join-Path $services.web.Folder 'slow'), (Join-Path $services.web.Folder 'importing') -ErrorAction Ignore
        Start-PyService web, draining
    }

    It 'sent as a signal ends a start within 200 ms, and the services are as they were' {
        Get-Quickest { Measure-Interrupt 'Start-PyService sleeper' { Test-State sleeper Starting } } | Should -BeLessThan 200
        Wait-PyService sleeper -State Stopped -TimeoutSec $patience.TotalSeconds
        (Get-PyService web).State | Should -Be 'Running'
    }

    It 'ends following within 200 ms: <_>' -ForEach 'Get-PyServiceLog web -Follow', 'Get-PyServiceEvent -Follow' {
        $command = "$_ -Tail 1"
        Get-Quickest {
            Remove-Item "$TestDrive/out.txt" -ErrorAction Ignore
            Measure-Interrupt $command { (Get-Item "$TestDrive/out.txt" -ErrorAction Ignore).Length -gt 0 }
        } | Should -BeLessThan 200
    }

    It 'ends <Command> within 200 ms' -ForEach @(
        @{ Command = 'Wait-PyService web -State Failed -TimeoutSec 60' }
        @{ Command = 'Get-PyService | Wait-PyService -State Idle -PassThru | Out-Null' }
        @{ Command = 'Get-PyService web | Wait-PyService -State Failed -TimeoutSec 60' }
    ) {
        Get-Quickest {
            $began = [datetime]::UtcNow
            Measure-Stop $Command { ([datetime]::UtcNow - $began).TotalSeconds -gt 2 }
        } | Should -BeLessThan 200
        (Get-PyService web).State | Should -Be 'Running'
    }

    It 'ends Start-PyService within 200 ms, and nothing of the start is left' {
        Get-Quickest { Measure-Stop 'Start-PyService sleeper' { Test-State sleeper Starting } } | Should -BeLessThan 200
        Wait-PyService sleeper -State Stopped -TimeoutSec $patience.TotalSeconds
        (Get-PyServiceStatus sleeper).ProcessCount | Should -Be 0
    }

    It 'ends Restart-PyService <Options> within 200 ms, and the old generation serves on' -ForEach @(
        @{ Options = '' }
        @{ Options = '-Hot' }
    ) {
        $before = (Get-PyService web).Pid
        $null = New-Item (Join-Path $services.web.Folder 'slow')
        Get-Quickest {
            Remove-Item (Join-Path $services.web.Folder 'importing') -ErrorAction Ignore
            Measure-Stop "Restart-PyService web $Options" { Test-Path (Join-Path $services.web.Folder 'importing') }
        } | Should -BeLessThan 200
        Wait-PyService web -State Running -TimeoutSec $patience.TotalSeconds
        (Get-PyService web).Pid | Should -Be $before
        Invoke-RestMethod "$($services.web.Url)/version" | Should -Be 'one'
    }

    It 'ends <Command> within 200 ms; a stop that has begun is carried through and cuts nobody off' -ForEach @(
        @{ Command = 'Stop-PyService draining' }
        @{ Command = 'Unregister-PyService draining -Force -Confirm:$false' }
    ) {
        Get-Quickest {
            Register-PyService $services.draining.Folder
            Start-PyService draining
            $begun, $released = 'begun', 'released' | ForEach-Object { Join-Path $services.draining.Folder $_ }
            Remove-Item $begun, $released -ErrorAction Ignore
            $client = [System.Net.Http.HttpClient]@{ Timeout = $patience }
            $slow = $client.GetStringAsync("$($services.draining.Url)/slow")
            Wait-Until { Test-Path $begun } 'a worker has the request'
            Measure-Stop $Command { Test-State draining Stopping }
            $null = New-Item $released
            $slow.GetAwaiter().GetResult() | Should -Be 'done'
            Wait-PyService draining -State Stopped -TimeoutSec $patience.TotalSeconds
        } | Should -BeLessThan 200
    }

    It 'ends whatever waits for an agent that does not answer within 200 ms' {
        $agent = (Get-PyServiceAgent).Pid
        $slow = @(
            'Get-PyService', 'Get-PyServiceStatus web', 'Get-PyServiceAgent', 'Get-PyServiceLog web', 'Get-PyServiceEvent', 'Get-PyServiceConfig web'
            'Test-PyService web', 'Invoke-Relog web', "Export-PyServiceUnit web", 'Initialize-PyServiceEnvironment web'
        )
        /bin/kill -STOP $agent
        try {
            # Those that were held up by something else are tried again.
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            while ($slow -and $watch.Elapsed -lt $patience) {
                $sessions = @($slow | ForEach-Object { Start-InSession $_ })
                Start-Sleep -Seconds 3
                $took = @(0..($slow.Count - 1) | ForEach-Object { Stop-Session $sessions[$_] $slow[$_] })
                $slow = @(0..($slow.Count - 1) | Where-Object { $took[$_] -ge 200 } | ForEach-Object { $slow[$_] })
            }
        }
        finally { /bin/kill -CONT $agent }
        $slow | Should -BeNullOrEmpty
        (Get-PyService web).State | Should -Be 'Running'
    }

    It 'ends Register-PyService within 200 ms while its configuration gives nothing' {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'pipe')).FullName
        mkfifo (Join-Path $folder 'config.yaml')
        Get-Quickest {
            $began = [datetime]::UtcNow
            Measure-Stop "Register-PyService '$folder'" { ([datetime]::UtcNow - $began).TotalSeconds -gt 2 }
        } | Should -BeLessThan 200
    }

    It 'ends Start-PyServiceAgent within 200 ms while another session is starting it' {
        $null = & (Join-Path $root 'output/servicectl') agent stop --force
        $lock = [System.IO.File]::Open((Join-Path $env:SERVICECTL_HOME 'launch.lock'), 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            Get-Quickest {
                $began = [datetime]::UtcNow
                Measure-Stop 'Start-PyServiceAgent' { ([datetime]::UtcNow - $began).TotalSeconds -gt 2 }
            } | Should -BeLessThan 200
        }
        finally { $lock.Dispose() }
    }
}
