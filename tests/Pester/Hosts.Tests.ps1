BeforeAll {
    . $PSScriptRoot/Support.ps1

    $sshd = @('/usr/sbin/sshd', (Join-Path $root 'output/tools/bin/sshd')).Where({ Test-Path $_ })[0]
    $daemons = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

    # Another host: a real sshd on a port of its own, whose sessions have an agent's home of their own. Writes its parameters.
    function Add-SshHost([string] $Name) {
        $folder = Join-Path (Split-Path $env:SERVICECTL_HOME) "ssh-$Name"
        $null = New-Item -ItemType Directory $folder, (Join-Path $folder 'bin')
        $port = Get-FreePort
        foreach ($key in 'key', 'host_key') { ssh-keygen -q -t ed25519 -N '' -f (Join-Path $folder $key) }
        Copy-Item (Join-Path $folder 'key.pub') (Join-Path $folder 'authorized_keys')
        Set-Content (Join-Path $folder 'known_hosts') "[127.0.0.1]:$port $(Get-Content (Join-Path $folder 'host_key.pub'))"
        $null = New-Item -ItemType SymbolicLink (Join-Path $folder 'bin/servicectl') -Value (Join-Path $module 'Dependencies/servicectl')
        Set-Content (Join-Path $folder 'sshd_config') @"
Port $port
ListenAddress 127.0.0.1
HostKey $folder/host_key
PidFile none
AuthorizedKeysFile $folder/authorized_keys
StrictModes no
UsePAM no
PermitRootLogin yes
SetEnv SERVICECTL_HOME=$folder/home PATH=$folder/bin:/usr/bin:/bin
LogLevel ERROR
"@
        # An sshd of root's has to have a folder and a user of its own, which this machine may not have.
        $launch = @'
mkdir -p /run/sshd
if ! grep -q ^sshd: /etc/passwd; then
    cp -a /etc "$1/etc"
    echo sshd:x:74:65534::/run/sshd:/usr/sbin/nologin >>"$1/etc/passwd"
    mount --bind "$1/etc" /etc
fi
exec "$2" -D -e -f "$1/sshd_config"
'@
        $words = if ([System.Environment]::IsPrivilegedProcess) { 'unshare', '--mount', '/bin/sh', '-ec', $launch, 'sshd', $folder, $sshd }
        else { $sshd, '-D', '-e', '-f', "$folder/sshd_config" }
        $daemons.Add([System.Diagnostics.Process]::Start([System.Diagnostics.ProcessStartInfo]::new($words[0], [string[]] $words[1..9])))
        $client = [System.Net.Sockets.TcpClient]::new()
        for ($try = 0; -not $client.Connected -and $try -lt 600; $try++) {
            try { $client.Connect('127.0.0.1', $port) } catch { Start-Sleep -Milliseconds 100 }
        }
        $client.Dispose()
        @{
            UserName = [System.Environment]::UserName
            Port = $port
            KeyFilePath = Join-Path $folder 'key'
            # A machine that is busy with something else makes a login slow, never wrong.
            ConnectingTimeout = 120000
            Options = @{ UserKnownHostsFile = Join-Path $folder 'known_hosts'; GlobalKnownHostsFile = '/dev/null'; IdentitiesOnly = 'yes'; IdentityAgent = 'none' }
        }
    }

    # A service over there, registered by the command of that host.
    function Add-SleeperOf([hashtable] $Access, [string] $Name) {
        $folder = Join-Path (Split-Path $Access.KeyFilePath) $Name
        $null = New-Item -ItemType Directory $folder
        Set-Content (Join-Path $folder 'config.yaml') "service: {runner: command, command: [sleep, '1000']}"
        $own = $env:SERVICECTL_HOME
        $env:SERVICECTL_HOME = Join-Path (Split-Path $Access.KeyFilePath) 'home'
        try { & (Join-Path $module 'Dependencies/servicectl') register $folder } finally { $env:SERVICECTL_HOME = $own }
    }

    $one = Add-SshHost one
    $two = Add-SshHost two
    $null = Add-SleeperOf $one web
    $null = Add-SleeperOf $two web
}

AfterAll {
    foreach ($access in $one, $two) {
        $own = $env:SERVICECTL_HOME
        $env:SERVICECTL_HOME = Join-Path (Split-Path $access.KeyFilePath) 'home'
        try { & (Join-Path $module 'Dependencies/servicectl') agent stop --force } finally { $env:SERVICECTL_HOME = $own }
    }
    foreach ($daemon in $daemons) { $daemon.Kill() }
}

Describe 'Services of another host' {
    It 'are listed, ordered and followed with -HostName, and say where they are' {
        $service = Get-PyService -HostName 127.0.0.1 @one
        $service.Name | Should -Be web
        $service.HostName | Should -Be "$($one.UserName)@127.0.0.1:$($one.Port)"

        $started = Start-PyService web -HostName 127.0.0.1 @one -PassThru
        $started.State | Should -Be Running
        $started.HostName | Should -Be $service.HostName
        (Get-PyServiceEvent web -HostName 127.0.0.1 @one -Tail 1).HostName | Should -Be $service.HostName
        Get-PyService | Where-Object Name -EQ web | Should -BeNullOrEmpty -Because 'this host has none'
    }

    It 'are acted on where each object is from' {
        $hosts = @(
            Connect-PyServiceHost 127.0.0.1 @one
            Connect-PyServiceHost 127.0.0.1 @two
        )
        $hosts.Version | Should -Be @((Get-Module ServiceCtl).Version.ToString(), (Get-Module ServiceCtl).Version.ToString())
        try {
            $all = Get-PyService -HostName $hosts
            $all.HostName | Should -Be $hosts.HostName
            ($all | Format-Table | Out-String) | Should -Match 'HostName'
            (Test-PyServiceHost -HostName $hosts | Format-Table | Out-String) | Should -Match 'HostName'
            $all | Select-Object -Last 1 | Start-PyService
            $all | Restart-PyService -PassThru | ForEach-Object HostName | Sort-Object | Should -Be ($hosts.HostName | Sort-Object)
            (Get-PyServiceStatus -HostName $hosts).State | Should -Be Running, Running
            ($all | Stop-PyService -WhatIf 6>&1 | Out-String) | Should -Not -Match 'error'
        }
        finally {
            $hosts | Disconnect-PyServiceHost
        }
        { Disconnect-PyServiceHost $hosts[0] -ErrorAction Stop } | Should -Throw '*There is no open connection*'
    }

    It 'are reported for each host, and a dead one is an error of its own' {
        $connected = Connect-PyServiceHost 127.0.0.1 @one
        try {
            $all = Get-PyService -HostName $connected, 127.0.0.1:1 -ErrorVariable failed -ErrorAction SilentlyContinue
            $all.Name | Should -Be web
            $failed.Count | Should -Be 1
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'HostUnreachable*'
            "$($failed[0].ErrorDetails.Message)" | Should -BeLike "127.0.0.1:1: The host can't be reached*"
        }
        finally {
            Disconnect-PyServiceHost $connected
        }
    }

    It 'are answered over a held channel as quickly as those of this host' {
        $connected = Connect-PyServiceHost 127.0.0.1 @one
        try {
            $null = Get-PyService -HostName $connected
            $times = 1..20 | ForEach-Object { (Measure-Command { Get-PyService -HostName $connected }).TotalMilliseconds }
            Write-Host "warm Get-PyService over the channel: $([math]::Round(($times | Sort-Object)[0], 1)) ms at best"
            ($times | Sort-Object)[0] | Should -BeLessThan 1000
        }
        finally {
            Disconnect-PyServiceHost $connected
        }
    }

    It 'are out of reach for what is no host' {
        { Get-PyService -HostName '-oProxyCommand=true' } | Should -Throw '*is not a host*'
        { Get-PyService -HostName 'a b' } | Should -Throw '*is not a host*'
    }
}

Describe 'Every cmdlet' {
    # The others act on services, agents or hosts, and are to do it anywhere.
    BeforeDiscovery {
        $without = @{
            'Get-PyServiceStage' = 'reads a deploy.yaml, which is here and names its hosts'
            'Initialize-PyServiceStage' = 'only makes files of a project'
            'Lock-PyServiceStage' = 'locks all of a stage, whose hosts deploy.yaml names'
            'Unlock-PyServiceStage' = 'unlocks all of a stage, whose hosts deploy.yaml names'
            'New-PyServiceConfig' = 'only makes a file'
            'Export-PyServiceWheel' = 'only makes a file'
            'Get-PyServiceTemplate' = 'is about what this version has'
            'New-PyServiceProject' = 'makes a project, whose files are here'
            'Update-PyServiceProject' = 'changes files of a project'
            'Add-PyServiceChange' = 'makes a file of a project'
            'Step-PyServiceVersion' = 'changes files of a project'
            'Build-PyServicePackage' = 'builds files of a project'
            'Publish-PyServicePackage' = 'publishes files of a project'
            'Import-PyService' = 'makes files of a file that is here'
            'Publish-PyServiceImage' = 'logs in to a registry as whoever asks, here'
            'Invoke-Daemon' = 'is a daemon of this session'
        }
        $all = Get-Command -Module ServiceCtl | ForEach-Object { @{ Name = $_.Name; IsHere = $without.ContainsKey($_.Name) } }
    }

    It '<Name> is about other hosts with -HostName, or about this one for a reason' -ForEach $all {
        $parameters = (Get-Command $Name).Parameters
        $parameters.ContainsKey('HostName') | Should -Be (-not $IsHere)
        if (-not $IsHere) { $parameters.HostName.Aliases | Should -Be 'ComputerName', 'Cn' }
    }

    It 'that writes objects of other hosts writes their names' {
        $types = Get-Command -Module ServiceCtl | Where-Object { $_.Parameters.ContainsKey('HostName') } | ForEach-Object { $_.OutputType.Type } |
            Where-Object { $_.Namespace -eq 'ServiceCtl.Contracts' } | Sort-Object FullName -Unique
        # A plan and a deploy are of several hosts, a lock is of a stage, and each release says its host.
        $types | Where-Object { $_.Name -notin 'PyServiceDeployment', 'PyServiceDeployPlan', 'PyServiceStageLock' -and -not $_.GetProperty('HostName') } | Should -BeNullOrEmpty
    }
}

Describe 'Files of other hosts' {
    BeforeAll {
        $far = "$($one.UserName)@127.0.0.1:$($one.Port)"
        $folder = Split-Path $one.KeyFilePath
        $web = Join-Path $folder 'web'
        Set-Content (Join-Path $web 'config.yaml') "service:`n  runner: command`n  command: [sleep, '1000']`n  stop: {timeout: 7s}`n  on_failure: [{match: {exit: 78}, do: stop, code: BAD}]`nsecret_password: geheim`nsizes: [1, two]"
        $broken = Join-Path $folder 'broken'
        $null = New-Item -ItemType Directory -Force $broken
        Set-Content (Join-Path $broken 'config.yaml') "service: {runner: nonsense}"
    }

    It 'are read by Get-PyServiceConfig, with values as they are here' {
        $settings = Get-PyServiceConfig web -HostName 127.0.0.1 @one
        $settings.HostName | Sort-Object -Unique | Should -Be $far
        $timeout = $settings | Where-Object Key -EQ service.stop.timeout
        $timeout.Value | Should -Be ([timespan]::FromSeconds(7))
        $timeout.Value | Should -BeOfType ([timespan])
        $timeout.Place | Should -BeLike "$web/config.yaml:4:*"
        ($settings | Where-Object Key -EQ secret_password).Value | Should -Not -Match geheim
        (Get-PyServiceConfig web secret_password -Reveal -HostName 127.0.0.1 @one).Value | Should -Be geheim
        (Get-PyServiceConfig web service.stop.timeout -Set service.stop.timeout=9s -ShowOverridden -HostName 127.0.0.1 @one).Text | Should -Be 9s, 7s
        (Get-PyService -HostName 127.0.0.1 @one | Get-PyServiceConfig -Key service.runner @one).Value | Should -Be command
        (Get-PyServiceConfig -Path $web -Key service.runner -HostName 127.0.0.1 @one).Value | Should -Be command
        (Get-PyServiceConfig -Key service.runner -HostName 127.0.0.1 @one).Service | Should -Be web
        $outcome = Get-Outcome { Get-PyServiceConfig web, nobody -Key service.runner -HostName 127.0.0.1 @one -ErrorAction Continue }
        $outcome.Objects.Value | Should -Be command
        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'ServiceNotFound,*'
        $outcome = Get-Outcome { Get-PyServiceConfig web nonsense.key -HostName 127.0.0.1 @one }
        $outcome.Errors.Count | Should -Be (Get-Outcome { Get-PyServiceConfig -Path $web -Key nonsense.key }).Errors.Count
    }

    It 'are checked by Test-PyServiceConfig' {
        $check = Test-PyServiceConfig web -IncludeValues -HostName 127.0.0.1 @one
        $check.IsValid | Should -BeTrue
        $check.HostName | Should -Be $far
        $check.Settings.HostName | Sort-Object -Unique | Should -Be $far
        $wrong = Test-PyServiceConfig -Path $broken -HostName 127.0.0.1 @one
        $wrong.IsValid | Should -BeFalse
        $wrong.Problems[0].Message | Should -Be (Test-PyServiceConfig -Path $broken).Problems[0].Message
        Test-PyServiceConfig web -Quiet -HostName 127.0.0.1 @one | Should -BeTrue
        Test-PyServiceConfig -Path $broken -Quiet -HostName 127.0.0.1 @one | Should -BeFalse
        Test-PyServiceConfig web -Quiet -HostName 127.0.0.1:1 -ErrorAction SilentlyContinue | Should -BeFalse
    }

    It 'are what rules for failures come from' {
        $rules = Get-PyServiceFailurePolicy web -HostName 127.0.0.1 @one
        $rules[0].HostName | Should -Be $far
        $rules[0].Code | Should -Be BAD
        $decision = Get-PyService -HostName 127.0.0.1 @one | Test-PyServiceFailurePolicy -ExitCode 78 @one
        $decision.HostName | Should -Be $far
        $decision.Code | Should -Be BAD
        (Get-Outcome { Test-PyServiceFailurePolicy web -Signal nonsense -HostName 127.0.0.1 @one }).Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }

    It 'are made there: wrappers, units, virtualenvs' {
        $wrapper = New-PyServiceWrapper web -HostName 127.0.0.1 @one
        $wrapper.HostName | Should -Be $far
        $wrapper.Path | Should -Exist
        Set-Content $wrapper.Path 'something else'
        $outcome = Get-Outcome { New-PyServiceWrapper web -HostName 127.0.0.1 @one }
        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        "$($outcome.Errors[0].ErrorDetails.Message)" | Should -BeLike "${far}: *"
        $outcome.Errors[0].ErrorDetails.RecommendedAction | Should -Match '-Force'
        (New-PyServiceWrapper web -Force -HostName 127.0.0.1 @one).Path | Should -Be $wrapper.Path

        $units = Export-PyServiceUnit web -HostName 127.0.0.1 @one
        $units.HostName | Sort-Object -Unique | Should -Be $far
        $units[0].Content | Should -Match 'servicectl'
        $units[0].Path | Should -BeNullOrEmpty
        (Get-PyService -HostName 127.0.0.1 @one | Export-PyServiceUnit -Type SysV -Destination "$folder/units" @one).Path | Should -Exist
        (Export-PyServiceUnit -Agent -HostName 127.0.0.1 @one).Content | Should -Match ([regex]::Escape("$folder/home"))
        (Export-PyServiceUnit -Daemon /bin/true -DaemonName idle -HostName 127.0.0.1 @one).Name | Should -Be idle
        (Get-Outcome { Export-PyServiceUnit -Daemon /bin/true -ArgumentList a -HostName 127.0.0.1 @one }).Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'

        $none = Get-Outcome { Initialize-PyServiceEnvironment web -HostName 127.0.0.1 @one }
        $none.Errors.Count | Should -Be 1
        "$($none.Errors[0].ErrorDetails.Message)" | Should -BeLike "${far}: *"
        $null = New-Item -ItemType Directory -Force (Join-Path $folder 'python')
        Set-Content (Join-Path $folder 'python/config.yaml') "service: {runner: command, command: [sleep, '1000'], venv: {python: /usr/bin/python3}}`nenv_directory: .venv"
        $null = Register-PyService (Join-Path $folder 'python') -HostName 127.0.0.1 @one
        $made = Initialize-PyServiceEnvironment python -HostName 127.0.0.1 @one
        $made.HostName | Should -Be $far
        $made.Change | Should -Be Created
        (Join-Path $folder 'python/.venv/bin/python') | Should -Exist
        (Initialize-PyServiceEnvironment python -HostName 127.0.0.1 @one).Change | Should -Be None
        Unregister-PyService python -Force -Confirm:$false -HostName 127.0.0.1 @one
    }

    It 'are where commands run' {
        Invoke-PyServiceCommand web -PassThru -HostName 127.0.0.1 @one -- pwd | Should -Be $web
        $LASTEXITCODE | Should -Be 0
        $lines = Invoke-PyServiceCommand web -PassThru -HostName 127.0.0.1 @one -- sh -c 'echo "it''s $0"; cat; exit 3' 'a b'
        "$lines" | Should -Be "it's a b"
        $lines.HostName | Should -Be $far
        $LASTEXITCODE | Should -Be 3
        { Invoke-PyServiceCommand web -HostName a, b -- true } | Should -Throw '*several hosts*'
        (Get-Outcome { Invoke-PyServiceCommand nobody -PassThru -HostName 127.0.0.1 @one -- true }).Errors.FullyQualifiedErrorId | Should -BeLike 'ServiceNotFound,*'
        $hosts = @(
            Connect-PyServiceHost 127.0.0.1 @one
            Connect-PyServiceHost 127.0.0.1 @two
        )
        try {
            (Invoke-PyServiceCommand web -PassThru -HostName $hosts -- pwd).HostName | Sort-Object | Should -Be ($hosts.HostName | Sort-Object)
        }
        finally { $hosts | Disconnect-PyServiceHost }
    }

    It 'are not shown live without a terminal' {
        { Show-PyService -HostName 127.0.0.1 @one } | Should -Throw '*terminal*'
    }
}

Describe 'Agents of other hosts' {
    It 'are seen, started, replaced and stopped there' {
        Stop-PyServiceAgent -Force -HostName 127.0.0.1 @two
        Get-PyServiceAgent -HostName 127.0.0.1 @two | Should -BeNullOrEmpty
        (Stop-PyServiceAgent -HostName 127.0.0.1 @two -Verbose 4>&1 | Out-String) | Should -Match 'No agent was running'
        $started = Start-PyServiceAgent -PassThru -HostName 127.0.0.1 @two
        $started.HostName | Should -Be "$($two.UserName)@127.0.0.1:$($two.Port)"

        $hosts = @(
            Connect-PyServiceHost 127.0.0.1 @one
            Connect-PyServiceHost 127.0.0.1 @two
        )
        try {
            $agents = Get-PyServiceAgent -HostName $hosts
            $agents.HostName | Sort-Object | Should -Be ($hosts.HostName | Sort-Object)
            ($agents | Format-Table | Out-String) | Should -Match 'HostName'
            Start-PyService web -HostName $hosts[1]
            (Get-Outcome { Stop-PyServiceAgent -HostName $hosts[1] }).Errors.FullyQualifiedErrorId | Should -BeLike 'AgentBusy,*'
            $before = $agents | Where-Object HostName -EQ $hosts[1].HostName
            ($before | Stop-PyServiceAgent -KeepServices -WhatIf) | Should -BeNullOrEmpty
            $after = $before | Restart-PyServiceAgent -PassThru
            $after.HostName | Should -Be $hosts[1].HostName
            $after.Pid | Should -Not -Be $before.Pid
            # The held channel ended with the agent it led to, and is opened again.
            (Get-PyService web -HostName $hosts[1]).State | Should -Be Running
        }
        finally { $hosts | Disconnect-PyServiceHost }
        $outcome = Get-Outcome { Get-PyServiceAgent -HostName 127.0.0.1:1 }
        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'HostUnreachable,*'
    }
}

Describe 'Schedules and failures of other hosts' {
    BeforeAll {
        $folder = Join-Path (Split-Path $one.KeyFilePath) 'timed'
        $null = New-Item -ItemType Directory -Force $folder
        Set-Content (Join-Path $folder 'config.yaml') "service: {runner: command, command: [sleep, '1000'], schedule: [{name: clean, cron: '0 4 * * *', run: [sh, -c, 'pwd > ran']}]}"
        $null = Register-PyService $folder -HostName 127.0.0.1 @one
        Start-PyService timed -HostName 127.0.0.1 @one
    }

    It 'are seen and run there' {
        $schedule = Get-PyServiceSchedule timed -HostName 127.0.0.1 @one
        $schedule.HostName | Should -Be "$($one.UserName)@127.0.0.1:$($one.Port)"
        $schedule.Name | Should -Be clean
        $done = $schedule | Invoke-PyServiceSchedule -Schedule clean @one
        $done.HostName | Should -Be $schedule.HostName
        $done.LastOutcome | Should -Be Succeeded
        (Join-Path $folder 'ran') | Should -Exist
        Stop-Process -Id (Get-PyService timed -HostName 127.0.0.1 @one).Pid -Force
        Wait-Until { Get-PyServiceFailure timed -HostName 127.0.0.1 @one } 'the failure is known'
        (Get-PyServiceFailure timed -HostName 127.0.0.1 @one)[0].HostName | Should -Be $schedule.HostName
        Unregister-PyService timed -Force -Confirm:$false -HostName 127.0.0.1 @one
    }
}

Describe 'Deploys to other hosts' {
    BeforeAll {
        # ssh reads the configuration of whoever runs the tests, wherever HOME is.
        $folder = Split-Path $one.KeyFilePath
        $project = Join-Path (Split-Path $env:SERVICECTL_HOME) 'deployed-to-hosts'
        $null = New-Item -ItemType Directory $project, (Join-Path $folder 'own')
        Set-Content (Join-Path $folder 'own/config') "Host near`
  HostName 127.0.0.1`
  Port $($one.Port)`
  User $($one.UserName)`
  IdentityFile $folder/key`
  IdentitiesOnly yes`
  IdentityAgent none`
  UserKnownHostsFile $folder/known_hosts`
  GlobalKnownHostsFile /dev/null`
Host dead`
  HostName 127.0.0.1`
  Port 1"
        Set-Content (Join-Path $folder 'own/ssh') "#!/bin/sh`
exec /usr/bin/ssh -F $folder/own/config `"`$@`""
        chmod +x (Join-Path $folder 'own/ssh')
        Set-Content (Join-Path $project 'config.tmpl') "service: {runner: command, command: [sleep, '1000']}`nwhere: '{{ where }}'"
        Set-Content (Join-Path $project 'deploy.yaml') @"
deploy_to: $folder/tree
service: far
source: {via: folder}
templates: {config.tmpl: {to: config.yaml}}
rollout: {max_failures: 1}
stages:
  production: {hosts: {near: {roles: [web], properties: {where: here}}, dead: {roles: [db]}}}
"@
        $path = $env:PATH
        $env:PATH = "$folder/own:$env:PATH"
    }

    AfterAll { $env:PATH = $path }

    It 'are planned, checked, done and taken back, and a dead host is reported by itself' {
        $plan = Publish-PyService production -Folder $project -WhatIf
        $plan.Hosts.HostName | Should -Be near
        $plan.Batches[0] | Should -Be near
        $plan.Problems | Should -BeLike 'dead: *'
        "$folder/tree" | Should -Not -Exist
        (Test-PyServiceStage production -Folder $project | Where-Object Outcome -EQ Failed).HostName | Should -Be dead

        $first = Publish-PyService production -Folder $project -WarningAction SilentlyContinue
        $first.Hosts.Outcome | Should -Be Done, Failed
        $first.Hosts[0] | Should -BeOfType ([ServiceCtl.Contracts.PyServiceDeployedHost])
        ($first.Hosts | Format-List | Out-String) | Should -Match 'near'
        $first.Release.HostName | Should -Be near
        $second = Publish-PyService production -Folder $project -Role web
        $second.Hosts.HostName | Should -Be near
        (Get-PyServiceStage -Folder $project).Hosts | Should -Be near, dead
        $outcome = Get-Outcome { Get-PyServiceRelease production -Folder $project }
        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'HostUnreachable,*'
        (Get-PyServiceRelease production -Folder $project -HostName near).Id | Should -Be $second.Release.Id, $first.Release.Id
        ($first.Release | Restore-PyServiceRelease).Hosts.Current | Should -Be $first.Release.Id
        $second.Release | Remove-PyServiceRelease -Confirm:$false
        (Get-PyServiceRelease production -Folder $project -HostName near).State | Should -Be Current
        (TabExpansion2 "Publish-PyService production -Folder $project -HostName n").CompletionMatches.CompletionText | Should -Be near
    }

    It 'are refused for hosts that the stage does not have' {
        (Get-Outcome { Publish-PyService production -Folder $project -HostName far }).Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        (Get-Outcome { Publish-PyService production -Folder $project -Role far }).Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }
}

# No test runs on Windows or macOS. A switch makes this host one that has no services: nothing local is called then, and PowerShell loads
# the assemblies that are for those systems.
Describe 'A system that has no services of its own' {
    BeforeAll {
        $file = Join-Path (Split-Path $one.KeyFilePath) 'access.xml'
        $one | Export-Clixml $file
        $elsewhere = "[AppContext]::SetSwitch('ServiceCtl.NoLocalServices', `$true); Import-Module '$module'; `$one = Import-Clixml '$file'; "
        $far = "$($one.UserName)@127.0.0.1:$($one.Port)"
    }

    It 'acts on other hosts, by assemblies for any system' {
        $pushed = Join-Path (Split-Path $one.KeyFilePath) 'pushed.yaml'
        Set-Content $pushed 'level: debug'
        $lines = Invoke-FreshSession ($elsewhere + @"
            Stop-PyService web -HostName 127.0.0.1 @one
            (Start-PyService web -HostName 127.0.0.1 @one -PassThru).State
            `$held = Connect-PyServiceHost 127.0.0.1 @one
            (Get-PyService web -HostName `$held | Restart-PyService -PassThru).HostName
            (Get-PyServiceStatus web* -HostName `$held).State
            (Get-PyServiceEvent web -HostName `$held, 127.0.0.1 -Tail 1 @one)[0].HostName
            @(Get-PyServiceLog web -HostName `$held -Since 10m).Count -ge 0
            (Get-PyServiceConfig web service.runner -HostName `$held).Value
            @(Get-PyServiceFailurePolicy web -HostName `$held).Count -ge 0
            (Get-PyServiceAgent -HostName `$held).HostName
            Invoke-PyServiceCommand web -PassThru -HostName `$held -- printf done
            @(Test-PyServiceHost -HostName `$held | Where-Object Name -EQ system).Outcome
            try { Set-PyServiceConfig web -Path '$pushed' -HostName `$held } catch { `$_.FullyQualifiedErrorId }
            try { Get-PyService nobody -HostName `$held } catch { `$_.FullyQualifiedErrorId }
            Disconnect-PyServiceHost `$held
            [AppDomain]::CurrentDomain.GetAssemblies().Location | Where-Object { `$_ -match '/ServiceCtl\.(Client|Engine)\.dll' } | Sort-Object
            @([System.Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'git2').Count
"@)
        $lines | Should -Be @(
            'Running', $far, 'Running', $far, 'True', 'command', 'True', $far, 'done', 'Passed',
            'InvalidState,ServiceCtl.Cmdlets.SetPyServiceConfigCommand', 'ServiceNotFound,ServiceCtl.Cmdlets.GetPyServiceCommand',
            "$module/Dependencies/portable/ServiceCtl.Client.dll", "$module/Dependencies/portable/ServiceCtl.Engine.dll", '0')
    }

    It 'says of everything local, once, that it needs Linux' {
        $calls = @(
            'Get-PyService', 'Get-PyService web', 'Get-PyServiceStatus', 'Get-PyServiceLog', 'Get-PyServiceLog web -Follow', 'Get-PyServiceEvent',
            'Get-PyServiceFailure', 'Get-PyServiceFailurePolicy', 'Test-PyServiceFailurePolicy web -ExitCode 1', 'Get-PyServiceAlert',
            'Test-PyServiceAlert', 'Get-PyServiceSchedule', 'Invoke-PyServiceSchedule web nightly', 'Get-PyServiceConfig', 'Get-PyServiceConfig web',
            'Get-PyServiceConfig -Path /nowhere', 'Test-PyServiceConfig', 'Set-PyServiceConfig web @{a = 1}', 'New-PyServiceConfig',
            'Set-PyServiceModuleAddress web billing 10.0.0.7:80', 'Start-PyService web', 'Stop-PyService *', 'Restart-PyService web -Hot',
            'Wait-PyService web', 'Register-PyService /', 'Register-PyService / -AtBoot', 'Unregister-PyService web', 'Enable-PyService web',
            'Disable-PyService web', 'Test-PyService web', 'Test-PyServiceHost', 'Invoke-Relog', 'Invoke-Relog -Path /nowhere',
            'Invoke-PyServiceCommand web true', 'New-PyServiceWrapper web', 'Initialize-PyServiceEnvironment web', 'Export-PyServiceUnit web',
            'Export-PyServiceWheel', 'Export-PyServiceUnit -Agent', 'Export-PyServiceUnit -Daemon /bin/true', 'Get-PyServiceAgent', 'Start-PyServiceAgent',
            'Stop-PyServiceAgent', 'Restart-PyServiceAgent', 'Publish-PyService production', 'Restore-PyServiceRelease production',
            'Get-PyServiceRelease production', 'Remove-PyServiceRelease production 1', 'Get-PyServiceStage', 'Test-PyServiceStage production',
            'Initialize-PyServiceStage production', 'Lock-PyServiceStage production why', 'Unlock-PyServiceStage production', 'Invoke-Daemon d {}',
            'Add-PyServiceChange Fix x', 'Step-PyServiceVersion', 'Build-PyServicePackage', 'Publish-PyServicePackage /nowhere',
            'Get-PyServiceTemplate', 'New-PyServiceProject shop', 'Update-PyServiceProject', 'Export-PyServiceManifest web', 'Import-PyService /nowhere',
            'New-PyServiceImageFile web', 'Build-PyServiceImage web', 'Get-PyServiceImage', 'Publish-PyServiceImage shop:1', 'Copy-PyServiceImage shop:1 web1',
            'Get-PyServiceContainer', 'Remove-PyServiceContainer 3f1c'
        )
        # The live view asks for a terminal first; the others are about hosts alone.
        $without = 'Show-PyService', 'Connect-PyServiceHost', 'Disconnect-PyServiceHost', 'Install-PyServiceHost'
        Compare-Object (Get-Command -Module ServiceCtl).Name (@($calls -replace ' .*') + $without | Sort-Object -Unique) | Should -BeNullOrEmpty

        $lines = Invoke-FreshSession ($elsewhere + "`$ConfirmPreference = 'None'; `$ErrorActionPreference = 'Continue'; Set-Location '$TestDrive'; " +
            ($calls.ForEach{ "`$met = @(); try { $_ -ErrorVariable met 2>`$null } catch { `$met = @(`$_) }; '$_ => ' + ((`$met | ForEach-Object FullyQualifiedErrorId) -replace ',.*' -join ' ')" } -join '; '))
        $lines | Should -Be $calls.ForEach{ "$_ => PlatformNotSupported" }
        Get-ChildItem $TestDrive | Should -BeNullOrEmpty
    }

    It 'is not excluded by a mark of the assemblies that PowerShell loads' {
        foreach ($type in [ServiceCtl.Cmdlets.GetPyServiceCommand], [ServiceCtl.Contracts.PyService]) {
            $type.Assembly.GetCustomAttributes([System.Runtime.Versioning.SupportedOSPlatformAttribute], $false) | Should -BeNullOrEmpty
        }
    }

    It 'is given assemblies that are compiled ahead for nobody' {
        foreach ($file in Get-Item (Join-Path $module '*.dll'), (Join-Path $module 'Dependencies/portable/*.dll')) {
            $stream = $file.OpenRead()
            $headers = [System.Reflection.PortableExecutable.PEHeaders]::new($stream)
            $stream.Dispose()
            $headers.CorHeader.ManagedNativeHeaderDirectory.Size | Should -Be 0 -Because $file.Name
            $headers.CoffHeader.Machine | Should -Be I386 -Because "$($file.Name) is for any processor"
        }
    }

    It 'is advised to name a host' {
        $advice = Invoke-FreshSession ($elsewhere + 'try { Get-PyService } catch { $_.ErrorDetails.Message; $_.ErrorDetails.RecommendedAction }')
        $advice | Should -Be 'This acts on services of the host it runs on, which needs Linux.', "Name a Linux host with '-HostName'; SSH reaches it."
    }
}
