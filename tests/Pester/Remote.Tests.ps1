BeforeAll {
    . $PSScriptRoot/Support.ps1

    # The sample of the wrapper kit, with what stands in for uv.
    $sample = Join-Path $PSScriptRoot '../../samples/wrapper-kit'
    $project = Join-Path $TestDrive 'greeter'
    Copy-Item $sample $project -Recurse
    Remove-Item (Join-Path $project 'config.json') -ErrorAction Ignore
    $null = New-Item -ItemType Directory (Join-Path $project 'bin')
    Set-Content (Join-Path $project 'bin/uv') "#!/bin/sh`nshift`nexec /usr/bin/python3 `"`$@`""
    chmod +x (Join-Path $project 'bin/uv')
    $listener = [System.Net.Sockets.TcpListener]::new('127.0.0.1', 0); $listener.Start(); $port = $listener.LocalEndpoint.Port
    $second = [System.Net.Sockets.TcpListener]::new('127.0.0.1', 0); $second.Start(); $infra = $second.LocalEndpoint.Port
    $listener.Stop(); $second.Stop()
    $config = Join-Path $project 'conf/config.yml'
    (Get-Content $config -Raw) -replace '9000', $port |
        Set-Content $config
    Add-Content $config "infraServerPort: $infra`nservice: {modules: [billing], environment: {PATH: '$project/bin:/usr/bin:/bin'}}"
    Register-PyService $project
    Start-PyService greeter
}

AfterAll { Stop-PyService greeter; Unregister-PyService greeter -Confirm:$false }

Describe 'Set-PyServiceConfig' {
    It 'starts what is Idle with its first configuration' {
        (Get-PyService greeter).State | Should -Be Idle
        $push = Set-PyServiceConfig greeter @{ greeting = 'hello'; db = @{ password = 'hunter22' } } -PassThru
        $push.Outcome | Should -Be Applied
        ($push.Differences | Where-Object Key -eq 'db.password').After | Should -Be '********'
        (Get-PyService greeter).State | Should -Be Running
        (Invoke-RestMethod "http://127.0.0.1:$port/greet").text | Should -Be 'hello'
    }

    It 'shows with -WhatIf what differs, and does nothing' {
        $file = Join-Path $TestDrive 'other.yaml'
        Set-Content $file "greeting: bye`ndb: {password: hunter22}"
        $shown = & $pwsh -NoProfile -Command "`$env:SERVICECTL_HOME = '$env:SERVICECTL_HOME'; Import-Module '$((Get-Module ServiceCtl).Path)'; Set-PyServiceConfig greeter -Path '$file' -WhatIf"
        "$shown" | Should -Match 'greeting: hello -> bye'
        "$shown" | Should -Match 'restart it'
        (Invoke-RestMethod "http://127.0.0.1:$port/greet").text | Should -Be 'hello'
    }

    It 'is silent, takes the pipeline, objects and JSON' {
        Get-PyService greeter | Set-PyServiceConfig -Config ([pscustomobject]@{ greeting = 'one' }) | Should -BeNullOrEmpty
        (Invoke-RestMethod "http://127.0.0.1:$port/greet").text | Should -Be 'one'
        (Set-PyServiceConfig greeter '{"greeting": "one"}' -PassThru).Outcome | Should -Be Unchanged
    }

    It 'refuses what is wrong' {
        $outcome = Get-Outcome { Set-PyServiceConfig greeter @{ logLevel = 'loud' } -ErrorAction Continue }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ConfigInvalid,ServiceCtl.Cmdlets.SetPyServiceConfigCommand'
        $outcome.Errors.CategoryInfo.Category | Should -Be InvalidData
    }

    It 'puts the previous one back, and says so' {
        $outcome = Get-Outcome { Set-PyServiceConfig greeter @{ greeting = 'x'; broken = $true } -PassThru -ErrorAction Continue }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ExitedEarly,ServiceCtl.Cmdlets.SetPyServiceConfigCommand'
        $outcome.Objects.Outcome | Should -Be RolledBack
        (Invoke-RestMethod "http://127.0.0.1:$port/greet").text | Should -Be 'one'
    }

    It 'asks for exactly one source' {
        { Set-PyServiceConfig greeter -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,ServiceCtl.Cmdlets.SetPyServiceConfigCommand'
    }
}

Describe 'Set-PyServiceModuleAddress' {
    It 'tells the service, and the status says so' {
        (Get-PyServiceStatus greeter).Problem | Should -Match 'billing'
        Set-PyServiceModuleAddress greeter billing 10.0.0.7:8080, 10.0.0.8:8080 | Should -BeNullOrEmpty
        Wait-Until { (Get-PyServiceStatus greeter).Modules[0].IsDelivered } 'the addresses are delivered'
        (Invoke-RestMethod "http://127.0.0.1:$port/modules").billing | Should -Be '10.0.0.7:8080', '10.0.0.8:8080'
        (Get-PyServiceStatus greeter).Problem | Should -BeNullOrEmpty
    }

    It 'takes an empty list, and -WhatIf' {
        Set-PyServiceModuleAddress greeter billing @() -WhatIf
        (Get-PyServiceStatus greeter).Modules[0].Hosts.Count | Should -Be 2
        (Set-PyServiceModuleAddress greeter billing @() -PassThru).IsMissing | Should -BeTrue
    }

    It 'refuses what is no address' {
        $outcome = Get-Outcome { Set-PyServiceModuleAddress greeter billing 'nowhere' -ErrorAction Continue }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'InvalidArgument,ServiceCtl.Cmdlets.SetPyServiceModuleAddressCommand'
    }
}
