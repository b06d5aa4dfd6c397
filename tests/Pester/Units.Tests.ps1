BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = Add-FlaskService web
    $null = Add-FlaskService auth
    $daemon = Join-Path $TestDrive 'my daemon.ps1'
    Set-Content $daemon 'Invoke-Daemon x { }'

    # The faults that systemd finds in the units of a folder.
    function Get-UnitFault([string] $Folder) {
        $files = @(Get-ChildItem $Folder | ForEach-Object FullName)
        @(systemd-analyze verify --man=no --generators=no @files 2>&1) + @(if ($LASTEXITCODE) { "exit code $LASTEXITCODE" })
    }
}

AfterAll { Remove-AllServices }

Describe 'Export-PyServiceUnit' {
    It 'makes a service and its socket, and writes nothing unasked' {
        $units = Export-PyServiceUnit web
        $units.FileName | Should -Be 'web.service', 'web.socket'
        $units.Path | Where-Object { $_ } | Should -BeNullOrEmpty
        $units[0].Content | Should -Match "(?m)^ExecStart=.*/servicectl run $($web.Config) --name web$"
        $units[0].Content | Should -Match '(?m)^Type=notify$'
        $units[1].Content | Should -Match "(?m)^ListenStream=127.0.0.1:$($web.Port)$"
    }

    It 'runs a script by the PowerShell that made the unit, whatever kind of installation that is' {
        $start = [regex]::Match((Export-PyServiceUnit -Daemon $daemon -DaemonName mover).Content, '(?m)^ExecStart=(.*) -NoProfile -NonInteractive -File').Groups[1].Value
        Invoke-Expression "& $start -NoProfile -NonInteractive -Command '`$PSHOME'" | Should -Be $PSHOME
        Invoke-Expression "& $start -NoProfile -NonInteractive -Command '`$PID'" | Should -Not -BeNullOrEmpty
    }

    It 'takes services from the pipeline and by pattern' {
        (Get-PyService | Export-PyServiceUnit -Type SysV).FileName | Should -Be 'auth', 'web'
        (Export-PyServiceUnit * -Exclude web).FileName | Should -Be 'auth.service', 'auth.socket'
        ('web' | Export-PyServiceUnit -Type SysV).Type | Should -Be 'SysV'
    }

    It 'is what systemd takes: <_>' -ForEach 'a service', 'the agent', 'a daemon' {
        if (-not (Get-Command systemd-analyze -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'this machine has no systemd-analyze' }
        $folder = Join-Path $TestDrive "units $_"
        switch ($_) {
            'a service' { $units = Export-PyServiceUnit web -Destination $folder }
            'the agent' { $units = Export-PyServiceUnit -Agent -Destination $folder }
            'a daemon' { $units = Export-PyServiceUnit -Daemon $daemon -DaemonName mover -ArgumentList 'a b', '50%', '$HOME', 'say "x"' -User daemon -Destination $folder }
        }
        $units.Path | Should -Exist
        Get-UnitFault $folder | Should -BeNullOrEmpty
    }

    It 'is what a shell takes: <_>' -ForEach 'a service', 'the agent', 'a daemon' {
        switch ($_) {
            'a service' { $unit = Export-PyServiceUnit web -Type SysV -Destination $TestDrive }
            'the agent' { $unit = Export-PyServiceUnit -Agent -Type SysV -Destination $TestDrive }
            'a daemon' { $unit = Export-PyServiceUnit -Daemon $daemon -DaemonName mover -ArgumentList "it's" -Type SysV -Destination $TestDrive }
        }
        sh -n $unit.Path 2>&1 | Should -BeNullOrEmpty
        (Get-Item $unit.Path).UnixMode | Should -Be '-rwxr-xr-x'
    }

    It 'leaves another file alone, unless forced' {
        $folder = Join-Path $TestDrive 'taken'
        $null = New-Item -ItemType Directory $folder
        Set-Content (Join-Path $folder 'web.service') 'mine'
        $outcome = Get-Outcome { Export-PyServiceUnit web -Destination $folder -ErrorAction Continue }
        $outcome.Errors.FullyQualifiedErrorId | Should -Match '^FileExists,'
        Get-Content (Join-Path $folder 'web.service') | Should -Be 'mine'
        Export-PyServiceUnit web -Destination $folder -Force | Should -HaveCount 2
        Export-PyServiceUnit web -Destination $folder | Should -HaveCount 2 -Because 'the same file is not in the way'
    }

    It 'says with -WhatIf where it would write, and does not' {
        $folder = Join-Path $TestDrive 'never'
        Export-PyServiceUnit web -Destination $folder -WhatIf | Should -BeNullOrEmpty
        Export-PyServiceUnit -Agent -Destination $folder -WhatIf | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'tells what is wrong with <Wrong>' -ForEach @(
        @{ Wrong = 'a service'; Id = 'ServiceNotFound'; Block = { Export-PyServiceUnit nobody } }
        @{ Wrong = 'a daemon'; Id = 'InvalidArgument'; Block = { Export-PyServiceUnit -Daemon /nowhere/x.ps1 } }
        @{ Wrong = 'a name'; Id = 'InvalidArgument'; Block = { Export-PyServiceUnit -Daemon $daemon } }
    ) {
        (Get-Outcome $Block).Errors.FullyQualifiedErrorId | Should -Match "^$Id,"
    }

    It 'is the same from the shell' {
        $json = & (Join-Path $root 'output/servicectl') unit web --json | ConvertFrom-Json
        $json.content | Should -Be (Export-PyServiceUnit web).Content
        $json.fileName | Should -Be 'web.service', 'web.socket'
    }
}
