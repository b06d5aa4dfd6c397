BeforeAll { . $PSScriptRoot/Support.ps1 }

AfterAll { Remove-AllServices }

Describe 'Registering' {
    AfterEach { Remove-AllServices }

    It 'writes nothing, and the service is known and not started' {
        $folder = (New-FlaskFolder web).Folder
        Register-PyService $folder | Should -BeNullOrEmpty
        $service = Get-PyService
        $service.Name | Should -Be 'web'
        $service.State | Should -Be 'Stopped'
        $service.Path | Should -Be $folder
        $service.ConfigPath | Should -Be (Join-Path $folder 'config.yaml')
    }

    It 'takes <Title>' -ForEach @(
        @{ Title = 'a folder'; Block = { param($web) Register-PyService -Path $web.Folder -PassThru } }
        @{ Title = 'a configuration file'; Block = { param($web) Register-PyService $web.Config -PassThru } }
        @{ Title = 'a path with a pattern'; Block = { param($web) Register-PyService "$(Split-Path $web.Folder)/we[b]" -PassThru } }
        @{ Title = 'a literal path'; Block = { param($web) Register-PyService -LiteralPath $web.Folder -PassThru } }
        @{ Title = 'a path of a PowerShell drive'; Block = { param($web) $null = New-PSDrive S FileSystem (Split-Path $web.Folder); Register-PyService S:/web -PassThru } }
        @{ Title = 'a path from where the session is'; Block = { param($web) Push-Location (Split-Path $web.Folder); try { Register-PyService ./web -PassThru } finally { Pop-Location } } }
        @{ Title = 'a path from the pipeline'; Block = { param($web) $web.Folder | Register-PyService -PassThru } }
        @{ Title = 'a folder from Get-Item'; Block = { param($web) Get-Item $web.Folder | Register-PyService -PassThru } }
        @{ Title = 'a file from Get-ChildItem'; Block = { param($web) Get-ChildItem $web.Folder -Filter config.yaml | Register-PyService -PassThru } }
        @{ Title = 'a service'; Block = { param($web) Register-PyService $web.Folder -PassThru | Register-PyService -PassThru } }
    ) {
        $service = & $Block (New-FlaskFolder web)
        $service | Should -HaveCount 1
        $service | Should -BeOfType ServiceCtl.Contracts.PyService
        $service.Name | Should -Be 'web'
    }

    It 'gives the name that is wanted' {
        Register-PyService (New-FlaskFolder web).Folder -Name other
        (Get-PyService).Name | Should -Be 'other'
    }

    It 'changes nothing the second time' {
        $folder = (New-FlaskFolder web).Folder
        Register-PyService $folder
        (Register-PyService $folder -PassThru).Name | Should -Be 'web'
        Get-PyService | Should -HaveCount 1
    }

    It 'takes several, and goes on after those that are no services' {
        $web, $auth = (New-FlaskFolder web), (New-FlaskFolder auth)
        $empty = New-Item -ItemType Directory (Join-Path $TestDrive 'empty')
        $outcome = Get-Outcome { $web.Folder, $empty.FullName, "$TestDrive/nosuch", $auth.Folder | Register-PyService -PassThru -ErrorAction Continue }
        $outcome.Objects.Name | Should -Be 'web', 'auth'
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ConfigNotFound,ServiceCtl.Cmdlets.RegisterPyServiceCommand', 'PathNotFound,ServiceCtl.Cmdlets.RegisterPyServiceCommand'
        $outcome.Errors.CategoryInfo.Category | Should -Be 'ObjectNotFound', 'ObjectNotFound'
    }

    It 'refuses a name that is taken' {
        Register-PyService (New-FlaskFolder web).Folder
        $outcome = Get-Outcome { Register-PyService (New-FlaskFolder auth).Folder -Name web }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'ServiceExists,ServiceCtl.Cmdlets.RegisterPyServiceCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
    }

    It 'refuses one name for several' {
        { Register-PyService (New-FlaskFolder web).Folder, (New-FlaskFolder auth).Folder -Name both } |
            Should -Throw -ErrorId 'InvalidArgument,ServiceCtl.Cmdlets.RegisterPyServiceCommand'
        Get-PyService | Should -BeNullOrEmpty
    }

    It 'tells every fault of a configuration that can not be understood, each with its place, and goes on' {
        $web, $auth = (New-FlaskFolder web), (New-FlaskFolder auth)
        Set-Content $web.Config "SERVICE_NAME: web`nuwsgi:`n  module: app:app`nlocal_port: never`n"
        $outcome = Get-Outcome { Get-Item $web.Folder, $auth.Folder | Register-PyService -PassThru -ErrorAction Continue }
        $outcome.Objects.Name | Should -Be 'auth'
        $outcome.Errors | Should -HaveCount 1
        $fault = $outcome.Errors[0]
        $fault.FullyQualifiedErrorId | Should -Be 'ConfigInvalid,ServiceCtl.Cmdlets.RegisterPyServiceCommand'
        $fault.CategoryInfo.Category | Should -Be 'InvalidData'
        "$fault" | Should -Match ([regex]::Escape("$($web.Config):4:13"))
        $fault.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $fault.Exception.Report.Problems[0].Line | Should -Be 4
    }
}

Describe 'Unregistering' {
    It 'forgets the service and leaves its files' {
        $web = Add-FlaskService web
        Unregister-PyService web -Confirm:$false | Should -BeNullOrEmpty
        Get-PyService | Should -BeNullOrEmpty
        $web.Config | Should -Exist
    }

    It 'refuses a service that runs, unless it is forced' {
        $null = Add-FlaskService web
        Start-PyService web
        $outcome = Get-Outcome { Unregister-PyService web -Confirm:$false }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'InvalidState,ServiceCtl.Cmdlets.UnregisterPyServiceCommand'
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        $process = (Get-PyService web).Pid
        Unregister-PyService web -Force -Confirm:$false
        Get-PyService | Should -BeNullOrEmpty
        Test-Ended $process | Should -BeTrue
    }

    It 'forgets a service whose folder is gone' {
        $web = Add-FlaskService web
        Remove-Item $web.Folder -Recurse
        Unregister-PyService web -Force -Confirm:$false
        Get-PyService | Should -BeNullOrEmpty
    }

    It 'asks first' {
        [System.Management.Automation.CmdletAttribute] $attribute =
            [ServiceCtl.Cmdlets.UnregisterPyServiceCommand].GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)[0]
        $attribute.ConfirmImpact | Should -Be 'High'
    }
}

Describe 'Register-PyService -AtBoot' {
    It 'says what it would do, and installs nothing' {
        $before = Get-ChildItem /etc/systemd/system, /etc/init.d -ErrorAction Ignore | ForEach-Object FullName
        $folder = New-FlaskFolder atboot
        $said = Invoke-FreshSession -Import "Register-PyService '$($folder.Folder)' -AtBoot -WhatIf -PassThru"
        $said | Should -Be "What if: Performing the operation `"Register as a service that starts at every boot`" on target `"$($folder.Folder)`"."
        Get-ChildItem /etc/systemd/system, /etc/init.d -ErrorAction Ignore | ForEach-Object FullName | Should -Be $before
        (Get-Outcome { Get-PyService atboot }).Errors.FullyQualifiedErrorId | Should -Match '^ServiceNotFound,'
    }
}
