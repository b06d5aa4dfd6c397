<#
    What is piped, and what becomes of it. Nothing here may act on a service that was not named.
#>
BeforeDiscovery {
    # Everything that takes something from the pipeline. An agent that is piped to these two is the one of its host.
    $takers = Get-Command -Module ServiceCtl | Where-Object {
        # One has to be told a host, and would ask it.
        $_.Name -notin 'Show-PyService', 'Stop-PyServiceAgent', 'Restart-PyServiceAgent', 'Copy-PyServiceImage' -and $_.Parameters.Values.Attributes.Where{ $_ -is [Parameter] -and ($_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName) }
    } | ForEach-Object { @{ Command = $_.Name } }
}

BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = Add-FlaskService web
    $auth = Add-FlaskService auth
    $line = [ServiceCtl.Contracts.LogLine]@{ Service = 'web'; Time = '2026-11-24'; Text = '*' }
}

AfterAll { Remove-AllServices }

Describe 'What is piped to a cmdlet' {
    It 'is not taken for text: a log line that says * is about its own service' {
        ($line | Stop-PyService -PassThru).Name | Should -Be web
        ($line | Get-PyService).Name | Should -Be web
    }

    It 'is refused when it names no service: <Title>' -ForEach @(
        @{ Title = 'a number'; Piped = { 5 } }
        @{ Title = 'a time'; Piped = { [datetime]::Now } }
        @{ Title = 'the agent'; Piped = { Get-PyServiceAgent } }
        @{ Title = 'a check of the host'; Piped = { Test-PyServiceHost | Select-Object -First 1 } }
        @{ Title = 'an object whose Name is no text'; Piped = { [pscustomobject]@{ Name = 5 } } }
        @{ Title = 'an object with an empty Name'; Piped = { [pscustomobject]@{ Name = '' } } }
    ) {
        $outcome = Get-Outcome { & $Piped | Stop-PyService -PassThru -ErrorAction Continue }
        $outcome.Objects | Should -BeNullOrEmpty
        $outcome.Errors | Should -HaveCount 1
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Match '^(ParameterArgumentTransformationError|InputObjectNotBound|ParameterArgumentValidationError.*),'
        $outcome.Errors[0].CategoryInfo.Category | Should -BeIn 'InvalidData', 'InvalidArgument'
    }

    It 'is a name where an object holds it, never a pattern' {
        $outcome = Get-Outcome { [pscustomobject]@{ Name = '*' } | Stop-PyService -PassThru -ErrorAction Continue }
        $outcome.Objects | Should -BeNullOrEmpty
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ServiceNotFound,ServiceCtl.Cmdlets.StopPyServiceCommand'
    }

    It 'is about the service, not about the test that has a name as well' {
        $result = [ServiceCtl.Contracts.PyServiceTestResult]@{ Service = 'web'; Name = 'auth'; Kind = 'Unit'; Outcome = 'Failed'; Critical = $true; Place = 'x' }
        ($result | Get-PyService).Name | Should -Be web
        ([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($result)) | Get-PyService).Name | Should -Be web
        ($result | Select-Object Name, Service | Get-PyService).Name | Should -Be web
    }

    It 'chains: events, checks and settings go to what acts on their services' {
        Start-PyService web
        $before = (Get-PyService web).Generation
        (Get-PyServiceEvent web -Kind Sta* | Restart-PyService -PassThru).Generation | Should -Be ($before + 1)
        (Test-PyServiceConfig web, auth | Where-Object Service -eq web | Restart-PyService -PassThru).Name | Should -Be web
        (Get-PyServiceConfig web -Key local_* | Stop-PyService -PassThru).Name | Should -Be web
    }

    It 'is acted on once, however many objects name it' {
        (Get-PyService web), (Get-PyServiceStatus web), $line | Stop-PyService -PassThru | Should -HaveCount 1
        (Get-PyService web), $line | Get-PyService | Should -HaveCount 1
        (Get-PyService web), $line | Test-PyServiceConfig | Should -HaveCount 1
        (Get-PyService web), $line | Get-PyServiceConfig -Key local_port | Should -HaveCount 1
    }
}

Describe 'Files' {
    It 'are bound to a path by what is about configurations' {
        (Get-ChildItem $auth.Config, $web.Config | Test-PyServiceConfig).Service | Should -Be 'auth', 'web'
        (Get-ChildItem $web.Config | Get-PyServiceConfig -Key local_port).Value | Should -Be $web.Port
        (Get-Item $web.Folder | Test-PyServiceConfig).Service | Should -Be web
        ([pscustomobject]@{ Path = $web.Config } | Test-PyServiceConfig).Service | Should -Be web
    }

    It 'and rows of a CSV file register services, with their names' {
        $folder = (New-FlaskFolder row).Folder
        Set-Content (Join-Path $TestDrive 'services.csv') "Path,Name`n$folder,first`n$((New-FlaskFolder other).Folder),"
        (Import-Csv (Join-Path $TestDrive 'services.csv') | Register-PyService -PassThru).Name | Should -Be 'first', 'other'
        Unregister-PyService first, other -Confirm:$false
    }

    It 'are the only objects that Register-PyService takes for a path' {
        (Get-Outcome { $line | Register-PyService -ErrorAction Continue }).Errors.FullyQualifiedErrorId | Should -Match '^InputObjectNotBound'
        (Get-Item $web.Config | Register-PyService -PassThru).Name | Should -Be web
        (Register-PyService (Get-Item $web.Folder) -PassThru).Name | Should -Be web
        (Register-PyService -Path (Get-Item $web.Config) -PassThru).Name | Should -Be web
        (Test-PyServiceConfig -Path (Get-Item $web.Folder)).Service | Should -Be web
    }
}

Describe 'Positions' {
    It 'are bound after services from the pipeline where types do not clash' {
        $outcome = Get-Outcome { Get-PyService web | Set-PyServiceConfig @{ a = 1 } -WhatIf }
        "$($outcome.Errors)" | Should -Match 'web takes no pushed configuration'
        $outcome = Get-Outcome { Get-PyService web | Set-PyServiceConfig '{"a": 1}' -WhatIf }
        "$($outcome.Errors)" | Should -Match 'web takes no pushed configuration'
        $outcome = Get-Outcome { Set-PyServiceConfig web '{"a": 1}' -WhatIf }
        "$($outcome.Errors)" | Should -Match 'web takes no pushed configuration'
    }

    It 'are not shown where they do, and the error says what to write' {
        foreach ($command in 'Get-PyServiceConfig', 'Set-PyServiceModuleAddress') {
            $set = (Get-Command $command).ParameterSets | Where-Object Name -eq InputObject
            $set.Parameters | Where-Object Position -ge 0 | Should -BeNullOrEmpty
        }
        $refusal = { Get-PyService web | Get-PyServiceConfig local_port } | Should -Throw -PassThru -ErrorId 'InvalidArgument,*'
        $refusal.ErrorDetails.RecommendedAction | Should -Match '-Key local_port'
        (Get-PyService web | Get-PyServiceConfig -Key local_port).Value | Should -Be $web.Port
        $refusal = { Get-PyService web | Set-PyServiceModuleAddress billing 10.0.0.7:1 } | Should -Throw -PassThru -ErrorId 'InvalidArgument,*'
        $refusal.ErrorDetails.RecommendedAction | Should -Match '-Module billing -Address'
        { Set-PyServiceModuleAddress web billing } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}

Describe 'Arguments' {
    It 'of times may be what PowerShell makes numbers of: <_>' -ForEach '1d', '30s', '5s', '1w', '90', '1.5', '10m', '2h' {
        & ([scriptblock]::Create("Get-PyServiceEvent -Since $_ -Until 0s")) | Out-Null
        & ([scriptblock]::Create("Get-PyServiceLog web -Since $_ -Until 1d")) | Out-Null
    }

    It 'of times are refused in words where they are none: <_>' -ForEach '1y', '-5', 'soon', '$true' {
        { & ([scriptblock]::Create("Get-PyServiceEvent -Since $_")) } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'of -Consul and -EmptyFirst may be $true and $false' {
        Stop-PyService auth -Consul $false
        Stop-PyService auth -Consul:$false
        Stop-PyService auth -Consul off
        { Stop-PyService auth -Consul 1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Invoke-Relog auth -EmptyFirst $true -Report | Should -Not -BeNullOrEmpty
    }

    It 'of -Kind may be patterns; one that is no kind is an error with all of them' {
        (Get-PyServiceEvent web -Kind st*).Kind | Select-Object -Unique | Should -BeIn 'Started', 'Stopped'
        # The former name.
        @(Get-PyServiceEvent web -Kind reloaded).Count | Should -Be @(Get-PyServiceEvent web -Kind HotRestarted).Count
        $refusal = { Get-PyServiceEvent -Kind nosuch } | Should -Throw -PassThru -ErrorId 'InvalidArgument,*'
        $refusal.ErrorDetails.RecommendedAction | Should -Match 'Started, Stopped'
    }

    It 'of -State choose' {
        Start-PyService auth
        (Get-PyService -State Running).Name | Should -Be auth
        (Get-PyService -State Stopped, Failed).Name | Should -Be web
        Stop-PyService auth
    }

    It '-Quiet makes an answer of a test' {
        Test-PyServiceConfig web, auth -Quiet | Should -BeTrue
        Test-PyServiceConfig web -Set local_port=never -Quiet | Should -BeFalse
        (Get-Outcome { Test-PyServiceConfig web, nosuch -Quiet -ErrorAction Continue }).Objects | Should -BeFalse
        Test-PyServiceHost -Quiet | Should -BeOfType bool
        Set-Content (Join-Path $web.Folder 'tests.yaml') "unit:`n- {name: fails, run: app.nothing, args: []}"
        Test-PyService web -Quiet -ErrorAction Ignore | Should -BeFalse
    }
}

Describe 'Whatever the module writes, piped into <Command>' -ForEach $takers {
    BeforeAll {
        # An agent of its own, and a folder of its own for what is taken for a path.
        $shared = $env:SERVICECTL_HOME
        $env:SERVICECTL_HOME = Join-Path (Split-Path $shared) 'fuzz'
        $decoy = Join-Path (Split-Path $shared) 'decoy'
        $null = New-Item -ItemType Directory $decoy -Force
        Set-Content "$decoy/config.yaml" "SERVICE_NAME: decoy`nservice: {runner: command, command: [sleep, infinity]}"
        Register-PyService $decoy
        Start-PyService decoy
        $before = Get-PyService decoy
        $stamp = (Get-Item "$decoy/config.yaml").LastWriteTimeUtc
        $null = New-Item -ItemType Directory "$TestDrive/empty" -Force
        Push-Location "$TestDrive/empty"

        $random = [random]::new(20261129)
        $words = '*', 'decoy*', 'decoy', '[a-z]*', '!ghost', '?????', ' decoy ', "decoy`n", '/', '.', '{}', '-Force'
        $names = '*', 'd*', 'ghost', '!ghost', '[d]ecoy', '?????', ' decoy', '{"a": 1}'

        function Make([type] $Type) {
            $it = [System.Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject($Type)
            # A host is where an object leads, not what it names.
            foreach ($property in $Type.GetProperties().Where{ $_.CanWrite -and $_.PropertyType -eq [string] -and $_.Name -ne 'HostName' }) {
                $isName = $property.Name -eq 'Service' -or ($property.Name -eq 'Name' -and $Type.Name -in 'PyService', 'PyServiceStatus')
                $choice = if ($isName) { $names } else { $words }
                $property.SetValue($it, $choice[$random.Next($choice.Count)])
            }
            $it
        }

        $types = (Get-Command -Module ServiceCtl).OutputType.Type.Where{ $_.Namespace -eq 'ServiceCtl.Contracts' -and -not $_.IsEnum } | Sort-Object FullName -Unique
        $extra = @{
            'Invoke-PyServiceSchedule' = @{ Schedule = 'decoy' }
            'Lock-PyServiceStage' = @{ Message = 'decoy' }
            'Publish-PyServicePackage' = @{ Destination = 'index' }
            'Set-PyServiceConfig' = @{ Config = @{ a = 1 } }
            'Set-PyServiceModuleAddress' = @{ Module = 'decoy'; Address = @() }
            'Wait-PyService' = @{ TimeoutSec = 0.1 }
        }
    }

    AfterAll {
        Pop-Location
        Stop-PyServiceAgent -Force
        $env:SERVICECTL_HOME = $shared
    }

    It 'touches nothing that it does not name, and fails in words' {
        $arguments = $extra[$Command] ?? @{}
        if ((Get-Command $Command).Parameters.ContainsKey('Confirm')) { $arguments.Confirm = $false }
        $objects = @(
            foreach ($type in $types) { 1..3 | ForEach-Object { Make $type } }
            5, 1.5, $true, [datetime]'2026-11-24', [timespan]'1:0:0', { 'decoy' }, @{ decoy = '*' }, @{ Name = '*' }, [version]'1.0', [regex]'decoy', (, @(1, 2)), [uri]'decoy:', [System.Text.StringBuilder]'decoy'
            foreach ($type in $types) { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Make $type))) }
        )
        $outcome = Get-Outcome { $objects | & $Command @arguments -ErrorAction Continue 3>$null }
        $outcome.Objects | Where-Object { $_ -isnot [ServiceCtl.Contracts.ServiceConfigCheck] } | Should -BeNullOrEmpty
        $outcome.Errors.Count | Should -BeGreaterThan 20
        $outcome.Errors | Where-Object FullyQualifiedErrorId -NotMatch ('^(ServiceNotFound|ParameterArgumentTransformationError|InputObjectNotBound|InputObjectMissingMandatory|' +
            'ParameterArgumentValidationError\w*|ConfigNotFound|PathNotFound|InvalidArgument|RunnerMissing|System),') | ForEach-Object { "$($_.FullyQualifiedErrorId): $_ ($($_.TargetObject))" } |
            Should -BeNullOrEmpty
        $after = Get-PyService decoy
        $after.Pid | Should -Be $before.Pid
        $after.Generation | Should -Be $before.Generation
        Get-PyService | Should -HaveCount 1
        (Get-Item "$decoy/config.yaml").LastWriteTimeUtc | Should -Be $stamp
        Get-ChildItem $decoy -Force | Should -HaveCount 1
    }
}
