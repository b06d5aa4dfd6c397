BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = Add-FlaskService web
    Add-Content $web.Config "env_directory: venv`nservice: {venv: {python: /usr/bin/python3, system_packages: true}}"
    $venv = Join-Path $web.Folder 'venv'
}

AfterAll { Remove-AllServices }

Describe 'Initialize-PyServiceEnvironment' {
    It 'changes nothing with -WhatIf' {
        Initialize-PyServiceEnvironment web -WhatIf
        $venv | Should -Not -Exist
    }

    It 'makes the virtualenv that a start misses, once' {
        (Get-Outcome { Start-PyService web }).Errors.ErrorDetails.RecommendedAction | Should -BeLike '*Initialize-PyServiceEnvironment*'

        $made = Get-PyService web | Initialize-PyServiceEnvironment
        $made | Should -BeOfType ([ServiceCtl.Contracts.PyServiceEnvironment])
        $made.Change | Should -Be Created
        Join-Path $venv 'bin/python' | Should -Exist
        (Initialize-PyServiceEnvironment web).Change | Should -Be None
        (Initialize-PyServiceEnvironment web -Force).Change | Should -Be Replaced
        (Start-PyService web -PassThru).State | Should -Be Running
    }

    It 'tells what pip said' {
        Set-Content (Join-Path $web.Folder 'requirements.txt') './no-such-folder'
        $outcome = Get-Outcome { Initialize-PyServiceEnvironment web }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'EnvironmentFailed,ServiceCtl.Cmdlets.InitializePyServiceEnvironmentCommand'
        Join-Path $venv 'bin/python' | Should -Exist
    }
}

Describe 'Test-PyServiceHost' {
    It 'writes what is there and how to get the rest' {
        $checks = Test-PyServiceHost -Port $web.Port
        $checks | ForEach-Object { $_ | Should -BeOfType ([ServiceCtl.Contracts.HostCheck]) }
        ($checks | Where-Object Name -eq python).Outcome | Should -Be Passed
        ($checks | Where-Object Name -eq "port-$($web.Port)").Outcome | Should -Be Failed
        $checks | Where-Object Outcome -ne Passed | ForEach-Object { $_.Advice | Should -Not -BeNullOrEmpty }
    }

    It 'takes ports only' {
        { Test-PyServiceHost -Port 70000 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,ServiceCtl.Cmdlets.TestPyServiceHostCommand'
    }
}

Describe 'Export-PyServiceWheel' {
    It 'writes the package of this version, and nothing with -WhatIf' {
        $folder = Join-Path $TestDrive wheels
        Export-PyServiceWheel $folder -WhatIf
        $folder | Should -Not -Exist

        $wheel = Export-PyServiceWheel $folder
        $wheel | Should -BeOfType ([System.IO.FileInfo])
        $wheel.Name | Should -Be "cordio-$((Get-Module ServiceCtl).Version)-py3-none-any.whl"
        (Get-FileHash (Join-Path (Get-Module ServiceCtl).ModuleBase "Dependencies/python/$($wheel.Name)")).Hash | Should -Be (Get-FileHash $wheel).Hash
        (Get-Outcome { Export-PyServiceWheel /proc/nowhere }).Errors.FullyQualifiedErrorId | Should -BeLike 'System,*'
    }
}
