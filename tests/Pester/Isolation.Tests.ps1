BeforeDiscovery {
    $libraries = 'YamlDotNet', 'Serilog', 'LibGit2Sharp'
}

BeforeAll {
    . $PSScriptRoot/Support.ps1
    $libraries = 'YamlDotNet', 'Serilog', 'LibGit2Sharp'
    # Other versions of our libraries, with which ours could not work.
    $others = foreach ($library in $libraries) {
        $file = Join-Path $TestDrive "$library.dll"
        $other = [System.Reflection.Emit.PersistedAssemblyBuilder]::new([System.Reflection.AssemblyName] "$library, Version=1.2.3.4", [object].Assembly)
        $null = $other.DefineDynamicModule($library)
        $other.Save($file)
        $file
    }
    $web = Add-FlaskService web
    $seen = Invoke-FreshSession "
        foreach (`$file in '$($others -join "','")') { `$null = [System.Reflection.Assembly]::LoadFrom(`$file) }
        Import-Module '$module'
        `$null = Get-PyService
        `$settings = Get-PyServiceConfig -Path '$($web.Folder)'
        `$contexts = [System.Runtime.Loader.AssemblyLoadContext]
        `$ours = `$contexts::All | Where-Object Name -eq ServiceCtl
        `$engine = `$ours.Assemblies | Where-Object { `$_.GetName().Name -eq 'ServiceCtl.Engine' }
        @{
            Settings = @(`$settings).Count
            Default = @(`$contexts::Default.Assemblies | ForEach-Object { `$_.GetName() } | Select-Object Name, @{ n = 'Version'; e = { `"`$(`$_.Version)`" } })
            Contexts = @(`$contexts::All | Where-Object Name -eq ServiceCtl).Count
            Engine = `$engine.Location
            LoadedByOurs = @(`$ours.Assemblies.Location)
            Resolved = @(foreach (`$library in '$($libraries -join "','")') { `$ours.LoadFromAssemblyName(`$library).Location })
            SameContracts = [object]::ReferenceEquals(`$ours.LoadFromAssemblyName('ServiceCtl.Contracts'), [ServiceCtl.Contracts.PyService].Assembly)
        } | ConvertTo-Json -Depth 3" | Out-String | ConvertFrom-Json
}

AfterAll { Remove-AllServices }

Describe 'Beside another <_>' -ForEach $libraries {
    It 'uses its own' {
        $seen.Resolved | Should -Contain "$module/Dependencies/$_.dll"
    }

    It 'leaves the session the other one, and only that' {
        $name = $_
        ($seen.Default | Where-Object Name -eq $name).Version | Should -Be '1.2.3.4'
    }
}

Describe 'The load context' {
    It 'works: the configuration was read by our own YamlDotNet' {
        $seen.Settings | Should -BeGreaterThan 5
        $seen.LoadedByOurs | Should -Contain "$module/Dependencies/YamlDotNet.dll"
    }

    It 'is one, and holds the engine' {
        $seen.Contexts | Should -Be 1
        $seen.Engine | Should -Be "$module/Dependencies/ServiceCtl.Engine.dll"
        $seen.Default.Name | Should -Not -Contain 'ServiceCtl.Engine'
        $seen.Default.Name | Should -Not -Contain 'Spectre.Console'
    }

    It 'shares the contracts with the cmdlets' {
        $seen.SameContracts | Should -BeTrue
    }

    It 'stays one when more runspaces import the module' {
        Invoke-FreshSession "
            1..4 | ForEach-Object -Parallel { Import-Module '$module'; `$null = Get-PyService } -ThrottleLimit 4
            @([System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -eq ServiceCtl).Count" | Should -Be 1
    }

    It 'shows no type of the engine in the public types of the cmdlets' {
        $assembly = [ServiceCtl.Cmdlets.GetPyServiceCommand].Assembly
        $everything = [System.Reflection.BindingFlags] 'Instance, Static, Public, NonPublic, DeclaredOnly'
        $shown = foreach ($type in $assembly.GetExportedTypes()) {
            $type.BaseType
            $type.GetInterfaces()
            $type.GetFields($everything).FieldType
            $type.GetProperties($everything).PropertyType
            $type.GetMethods($everything) | ForEach-Object { $_.ReturnType; $_.GetParameters().ParameterType }
        }
        $shown | Should -Not -BeNullOrEmpty
        $shown | Where-Object { "$_ $($_.GenericTypeArguments)" -match 'ServiceCtl\.Engine\.' } | Should -BeNullOrEmpty
    }
}
