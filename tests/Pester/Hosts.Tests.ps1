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
            $all | Select-Object -Last 1 | Start-PyService
            $all | Restart-PyService -PassThru | ForEach-Object HostName | Sort-Object | Should -Be ($hosts.HostName | Sort-Object)
            (Get-PyServiceStatus -HostName $hosts).State | Should -Be Running, Running
            ($all | Stop-PyService -WhatIf 6>&1 | Out-String) | Should -Not -Match 'error'
        }
        finally {
            $hosts | Disconnect-PyServiceHost
        }
        { Disconnect-PyServiceHost $hosts[0] -ErrorAction Stop } | Should -Throw '*No channel*'
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
