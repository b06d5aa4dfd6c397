BeforeAll {
    . $PSScriptRoot/Support.ps1
    'web', 'web-test', 'billing-a', 'billing-b', 'billing-z', 'Auth' | ForEach-Object { Add-FlaskService $_ }
}

AfterAll { Remove-AllServices }

Describe 'Choosing services by name' {
    It 'takes <Names> for <Expected>' -ForEach @(
        @{ Names = @('web'); Expected = @('web') }
        @{ Names = @('web', 'Auth'); Expected = @('web', 'Auth') }
        @{ Names = @('billing-*'); Expected = @('billing-a', 'billing-b', 'billing-z') }
        @{ Names = @('billing-[a-c]'); Expected = @('billing-a', 'billing-b') }
        @{ Names = @('???'); Expected = @('web') }
        @{ Names = @('web*', 'web'); Expected = @('web', 'web-test') }
        @{ Names = @('*'); Expected = @('Auth', 'billing-a', 'billing-b', 'billing-z', 'web', 'web-test') }
        @{ Names = @('auth*'); Expected = @() }
    ) {
        @((Get-PyService $Names).Name) | Should -Be $Expected
        @((Get-PyService -Name $Names).Name) | Should -Be $Expected
        @((Get-PyService -ServiceName $Names).Name) | Should -Be $Expected
    }

    It 'takes all of them without a name' {
        Get-PyService | Should -HaveCount 6
    }

    It 'narrows with -Include and -Exclude' {
        (Get-PyService -Include 'b*', 'w*' -Exclude '*-test', '*-[a-b]').Name | Should -Be 'billing-z', 'web'
        (Get-PyService billing-* -Exclude *-z).Name | Should -Be 'billing-a', 'billing-b'
        Get-PyService web -Exclude w* | Should -BeNullOrEmpty
    }

    It 'tells a literal name that is not known as an error, and goes on: <_>' -ForEach @(
        'Get-PyService', 'Get-PyServiceStatus', 'Start-PyService', 'Stop-PyService', 'Restart-PyService', 'Wait-PyService', 'Unregister-PyService'
    ) {
        $command = $_
        $arguments = if ($command -eq 'Unregister-PyService') { @{ Confirm = $false } } else { @{} }
        $outcome = Get-Outcome { & $command nosuch, nobody @arguments -ErrorAction Continue; 'went on' }
        $outcome.Objects | Should -Be 'went on'
        $outcome.Errors | Should -HaveCount 2
        $outcome.Errors.TargetObject | Should -Be 'nosuch', 'nobody'
        $type = (Get-Command $command).ImplementingType.FullName
        $outcome.Errors.FullyQualifiedErrorId | Should -Be "ServiceNotFound,$type", "ServiceNotFound,$type"
        $outcome.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $outcome.Errors[0].ErrorDetails.RecommendedAction | Should -Match 'Register-PyService'
    }

    It 'passes over a pattern that matches nothing: <_>' -ForEach @(
        'Get-PyService', 'Get-PyServiceStatus', 'Start-PyService', 'Stop-PyService', 'Restart-PyService', 'Wait-PyService', 'Unregister-PyService'
    ) {
        & $_ 'nosuch*' | Should -BeNullOrEmpty
    }

    It 'takes a bracket that is never closed for a name, which is missing' {
        $outcome = Get-Outcome { Get-PyService 'web[' }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -BeLike '*,ServiceCtl.Cmdlets.GetPyServiceCommand'
        "$($outcome.Errors[0])" | Should -Match 'web\['
    }
}

Describe 'Choosing services through the pipeline' {
    It 'binds <Title>' -ForEach @(
        @{ Title = 'services'; Piped = { Get-PyService web } }
        @{ Title = 'statuses'; Piped = { Get-PyServiceStatus web } }
        @{ Title = 'names'; Piped = { 'web' } }
        @{ Title = 'patterns'; Piped = { 'we[b]' } }
        @{ Title = 'objects that have a Name'; Piped = { [pscustomobject]@{ Name = 'web' } } }
        @{ Title = 'objects that have a Service'; Piped = { [pscustomobject]@{ Service = 'web' } } }
        @{ Title = 'hashtables'; Piped = { @{ name = 'web' } } }
        @{ Title = 'objects that have a ServiceName'; Piped = { [pscustomobject]@{ ServiceName = 'web' } } }
        @{ Title = 'objects that were selected'; Piped = { Get-PyService web | Select-Object Name, State } }
        @{ Title = 'services that crossed a process'; Piped = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-PyService web))) } }
        @{ Title = 'statuses that crossed a process'; Piped = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-PyServiceStatus web))) } }
    ) {
        (& $Piped | Get-PyService).Name | Should -Be 'web'
        (& $Piped | Get-PyServiceStatus).Name | Should -Be 'web'
        (& $Piped | Stop-PyService -PassThru).Name | Should -Be 'web'
        (& $Piped | Wait-PyService -State Stopped -PassThru).Name | Should -Be 'web'
    }

    It 'binds <Title> to -InputObject' -ForEach @(
        @{ Title = 'services'; Given = { Get-PyService web, Auth } }
        @{ Title = 'objects that have a Name'; Given = { [pscustomobject]@{ Name = 'web' }, [pscustomobject]@{ Name = 'Auth' } } }
    ) {
        $given = & $Given
        (Get-PyService -InputObject $given).Name | Should -Be 'web', 'Auth'
        (Stop-PyService -InputObject $given -PassThru).Name | Sort-Object | Should -Be 'Auth', 'web'
    }

    It 'asks again how the services are doing' {
        $old = Get-PyService web
        $changed = [ServiceCtl.Contracts.PyService]@{
            Name = 'web'; State = 'Running'; Pid = 1; Runner = $old.Runner; Path = $old.Path; ConfigPath = $old.ConfigPath
        }
        ($changed | Get-PyService).State | Should -Be 'Stopped'
        ($changed | Stop-PyService -PassThru).Pid | Should -BeNullOrEmpty
    }

    It 'does nothing for an empty pipeline' {
        @() | Get-PyServiceStatus | Should -BeNullOrEmpty
        @() | Stop-PyService -PassThru | Should -BeNullOrEmpty
        @() | Unregister-PyService -Confirm:$false
        Get-PyService | Should -HaveCount 6
    }

    It 'lets the pipeline end early' {
        Get-PyService | Select-Object -First 2 | Should -HaveCount 2
        (Get-PyService | Get-PyServiceStatus | Select-Object -First 1).Name | Should -Be 'Auth'
    }
}

Describe 'Choosing nothing' {
    It 'is refused, never taken for all: <_>' -ForEach @(
        'Start-PyService', 'Stop-PyService', 'Restart-PyService', 'Wait-PyService', 'Unregister-PyService'
    ) {
        $refusal = { & $_ } | Should -Throw -PassThru -ErrorId "InvalidArgument,$((Get-Command $_).ImplementingType.FullName)"
        "$refusal $($refusal.ErrorDetails.RecommendedAction)" | Should -Match "$_ web.*\| $_"
        { & $_ -Name @() } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { & $_ -Name '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { & $_ -Name $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'can not be done by name and by object at once' {
        { Stop-PyService -Name web -InputObject (Get-PyService web) } | Should -Throw -ErrorId 'AmbiguousParameterSet*'
    }
}
