BeforeAll {
    . $PSScriptRoot/Support.ps1

    function Add-ContainerService([string] $Name, [string] $More = '') {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive $Name)).FullName
        Set-Content (Join-Path $folder config.yaml) "service: {runner: container, container: {image: '$($Name):1'}$More}"
        Register-PyService $folder -PassThru
    }

    $null = Add-ContainerService store ', ready: {delay: 1s}'
    $null = Add-ContainerService shop ', requires: store, environment: {DB_PASSWORD: s3cr3t-word, MODE: fast}, schedule: [{name: tidy, cron: "0 3 * * *", run: ["true"]}]'
    $compose = Join-Path $TestDrive 'docker compose [1].yml'
    Set-Content -LiteralPath $compose "redis:`n  image: redis`n  ports:`n    - 6379`nsandbox:`n  image: sandbox`n  ports:`n    - 8000:8000`n  links:`n    - redis"
}

AfterAll { Remove-AllServices }

Describe 'Export-PyServiceManifest' {
    It 'makes a file of a service and what it requires, and writes nothing unasked' {
        $manifest = Export-PyServiceManifest shop -WarningAction SilentlyContinue
        $manifest | Should -BeOfType ServiceCtl.Contracts.PyServiceManifest
        $manifest.Services | Should -Be 'store', 'shop'
        $manifest.FileName | Should -Be 'compose.yaml'
        $manifest.Path | Should -BeNullOrEmpty
        $manifest.Secrets | Should -Be 'DB_PASSWORD'
        $manifest.Content | Should -Not -Match 's3cr3t'
    }

    It 'warns of what the target can''t express, with the place' {
        $null = Export-PyServiceManifest shop -Target Kubernetes -WarningVariable warnings -WarningAction SilentlyContinue
        @($warnings) -match 'service\.schedule' | Should -Match 'config\.yaml:1:\d+: '
    }

    It 'takes services from the pipeline and by pattern' {
        ('shop' | Export-PyServiceManifest -WarningAction SilentlyContinue).Services | Should -Be 'store', 'shop'
        (Get-PyService s* | Export-PyServiceManifest -Target Kubernetes -WarningAction SilentlyContinue).FileName | Should -Be 'store.yaml', 'shop.yaml'
        (Export-PyServiceManifest s* -Exclude shop -WarningAction SilentlyContinue).Services | Should -Be 'store'
    }

    It 'writes nothing with -WhatIf, nothing over what is there, and all of it with -Force' {
        $folder = Join-Path $TestDrive 'out'
        Export-PyServiceManifest shop -Destination $folder -WhatIf -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
        (Export-PyServiceManifest shop -Destination $folder -WarningAction SilentlyContinue).Path | Should -Exist
        Set-Content (Join-Path $folder compose.yaml) 'mine'
        { Export-PyServiceManifest shop -Destination $folder -ErrorAction Stop -WarningAction SilentlyContinue } |
            Should -Throw -ErrorId 'FileExists,ServiceCtl.Cmdlets.ExportPyServiceManifestCommand'
        Get-Content (Join-Path $folder compose.yaml) | Should -Be 'mine'
        $null = Export-PyServiceManifest shop -Destination $folder -Force -WarningAction SilentlyContinue
        Get-Content (Join-Path $folder compose.yaml) -Raw | Should -Match 'image: "?shop:1'
    }

    It 'refuses what is for a swarm' {
        { Export-PyServiceManifest shop -HostPorts } | Should -Throw -ErrorId 'InvalidArgument,ServiceCtl.Cmdlets.ExportPyServiceManifestCommand'
    }
}

Describe 'Import-PyService' {
    It 'shows with -WhatIf what it would make' {
        $services = Import-PyService -LiteralPath $compose -Destination (Join-Path $TestDrive planned) -WhatIf -WarningAction SilentlyContinue
        $services.Name | Should -Be 'redis', 'sandbox'
        $services.IsWritten | Should -Not -Contain $true
        Join-Path $TestDrive planned | Should -Not -Exist
    }

    It 'makes services that can be registered, and overwrites nothing' {
        $folder = Join-Path $TestDrive made
        $services = Import-PyService -From Compose -LiteralPath $compose -Destination $folder -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -Match ':4:7: '
        ($services | Register-PyService -PassThru).Name | Should -Be 'redis', 'sandbox'
        Get-PyServiceConfig sandbox -Key service.requires | ForEach-Object Text | Should -Match 'redis'
        { Import-PyService -LiteralPath $compose -Destination $folder -ErrorAction Stop -WarningAction SilentlyContinue } |
            Should -Throw -ErrorId 'FileExists,ServiceCtl.Cmdlets.ImportPyServiceCommand'
    }

    It 'says what can not be read, with its place' {
        $wrong = Join-Path $TestDrive wrong.yml
        Set-Content $wrong "services:`n  web: {ports: ['80:80']}"
        { Import-PyService $wrong -ErrorAction Stop } | Should -Throw -ErrorId 'ConfigInvalid,ServiceCtl.Cmdlets.ImportPyServiceCommand'
    }
}
