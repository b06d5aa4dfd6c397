BeforeAll {
    . $PSScriptRoot/Support.ps1
    $command = Join-Path $root 'output/servicectl'
    $top = Split-Path $env:SERVICECTL_HOME
}

AfterAll { Remove-AllServices }

Describe 'Folders' {
    BeforeEach {
        $web = New-FlaskFolder web
        $link = Join-Path $top current
        Remove-Item $link -Force -ErrorAction Ignore
        $null = New-Item -ItemType SymbolicLink $link -Target $web.Folder
        Push-Location $top
    }

    AfterEach {
        Pop-Location
        Remove-AllServices
        Remove-Item $link -Force -ErrorAction Ignore
    }

    It 'keeps the path of the link, as the command does' {
        Set-Location $link
        (Register-PyService . -PassThru).Path | Should -Be $link
        Unregister-PyService web -Confirm:$false
        /bin/sh -c "cd '$link' && '$command' register ." | Should -BeLike "*$link/config.yaml*"
        (Get-PyService web).Path | Should -Be $link
    }

    It 'knows one service by whatever way leads to it' {
        Register-PyService $link
        (Register-PyService $web.Folder -PassThru).Path | Should -Be $link
        (Register-PyService $web.Config -PassThru).Path | Should -Be $link
        (Test-PyServiceConfig -Path $web.Folder).Service | Should -Be 'web'
        Set-Location $web.Folder
        (Test-PyServiceConfig).Service | Should -Be 'web'
        Get-PyService | Should -HaveCount 1
    }

    It 'knows a service again whose folder was renamed' {
        Register-PyService $web.Folder
        $renamed = Join-Path $top 'renamed'
        Move-Item $web.Folder $renamed
        try {
            (Register-PyService $renamed -PassThru).Name | Should -Be 'web'
            (Get-PyService).Path | Should -Be $renamed
        }
        finally { Remove-Item $renamed -Recurse -Force }
    }

    It 'works where the session''s folder was deleted' {
        Register-PyService $web.Folder
        $gone = (New-Item -ItemType Directory (Join-Path $top gone)).FullName
        Set-Location $gone
        $before = [Environment]::CurrentDirectory
        [Environment]::CurrentDirectory = $gone
        try {
            /bin/rmdir $gone
            $outcomes = @(
                { Get-PyService }, { Get-PyServiceStatus }, { Get-PyServiceLog }, { Get-PyServiceEvent }, { Get-PyServiceConfig }, { Test-PyServiceConfig },
                { Get-PyServiceAgent }, { Start-PyService web }, { Restart-PyService web }, { Restart-PyService web -Hot }, { Invoke-Relog web }, { Test-PyServiceHost },
                { New-PyServiceConfig }, { Export-PyServiceUnit web }, { Stop-PyService web }, { Wait-PyService web Stopped }, { Unregister-PyService web -Confirm:$false }
            ) | ForEach-Object { Get-Outcome $_ }
            foreach ($outcome in $outcomes) {
                $outcome.Errors | Should -BeNullOrEmpty
            }
            foreach ($block in { Register-PyService . }, { Register-PyService -LiteralPath sub }, { Set-PyServiceConfig web -Path here.yaml }) {
                $outcome = Get-Outcome $block
                $outcome.Errors | Should -Not -BeNullOrEmpty
                $outcome.Errors.FullyQualifiedErrorId | Should -Not -BeLike 'Internal*'
            }
        }
        finally { [Environment]::CurrentDirectory = $before }
    }
}
