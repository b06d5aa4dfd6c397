BeforeAll {
    . $PSScriptRoot/Support.ps1

    # A type as C# writes it, without its namespaces.
    function Format-Type([type] $Type) {
        if ($Type.IsArray) { return "$(Format-Type $Type.GetElementType())[]" }
        if ($inner = [System.Nullable]::GetUnderlyingType($Type)) { return "$(Format-Type $inner)?" }
        if (-not $Type.IsGenericType) { return $Type.Name }
        "$($Type.Name -replace '`.*')<$(($Type.GetGenericArguments() | ForEach-Object { Format-Type $_ }) -join ', ')>"
    }

    function Format-Member($Member) {
        switch ($Member.MemberType) {
            'Property' {
                $required = if ($Member.GetCustomAttributes($true) | Where-Object { $_.GetType().Name -eq 'RequiredMemberAttribute' }) { 'required ' }
                $setter = $Member.GetSetMethod()
                $accessors = @(
                    if ($Member.GetGetMethod()) { 'get' }
                    if ($setter) { $setter.ReturnParameter.GetRequiredCustomModifiers().Count ? 'init' : 'set' }
                ) -join ', '
                "$required$($Member.Name): $(Format-Type $Member.PropertyType) { $accessors }"
            }
            'Field' { if ($Member.DeclaringType.IsEnum) { $Member.Name } else { "$($Member.Name): $(Format-Type $Member.FieldType)" } }
            'Constructor' { "new($(Format-Parameters $Member))" }
            'Method' { "$($Member.Name)($(Format-Parameters $Member)): $(Format-Type $Member.ReturnType)" }
        }
    }

    function Format-Parameters($Method) {
        ($Method.GetParameters() | ForEach-Object { "$(Format-Type $_.ParameterType) $($_.Name)" }) -join ', '
    }

    # Not what the compiler adds to a record, nor what is the same everywhere.
    function Get-OwnMember([type] $Type) {
        $added = 'ToString', 'Equals', 'GetHashCode', 'Deconstruct', '<Clone>$', 'value__'
        foreach ($member in $Type.GetMembers([System.Reflection.BindingFlags] 'Public, Instance, Static, DeclaredOnly')) {
            if ($member.Name -in $added -or $member.MemberType -eq 'NestedType') { continue }
            if ($member.MemberType -eq 'Method' -and $member.IsSpecialName) { continue }
            if ($member.MemberType -eq 'Constructor' -and -not $member.GetParameters()) { continue }
            $member
        }
    }
}

Describe 'The manifest' {
    BeforeAll { $manifest = Import-PowerShellDataFile (Join-Path $module 'ServiceCtl.psd1') }

    It 'exports exactly the cmdlets of the assembly' {
        $cmdlets = [ServiceCtl.Cmdlets.GetPyServiceCommand].Assembly.GetExportedTypes() | ForEach-Object {
            $attribute = $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
            if ($attribute) { "$($attribute[0].VerbName)-$($attribute[0].NounName)" }
        }
        $manifest.CmdletsToExport | Should -Be @($cmdlets | Sort-Object)
    }

    It 'names everything it exports, without a pattern: <_>' -ForEach 'CmdletsToExport', 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport' {
        $manifest.ContainsKey($_) | Should -BeTrue
        , $manifest[$_] | Should -BeOfType [array]
        $manifest[$_] | Should -Not -Match '[*?]'
    }

    It 'uses approved verbs' {
        $manifest.CmdletsToExport | ForEach-Object { ($_ -split '-')[0] } | Should -BeIn (Get-Verb).Verb
    }

    It 'carries the version of the assemblies' {
        $version = [version] $manifest.ModuleVersion
        [ServiceCtl.Cmdlets.GetPyServiceCommand].Assembly.GetName().Version.ToString(3) | Should -Be $version.ToString(3)
        [ServiceCtl.Contracts.PyService].Assembly.GetName().Version.ToString(3) | Should -Be $version.ToString(3)
    }
}

Describe 'The cmdlets' {
    It 'say what they write: <_>' -ForEach (Get-Command -Module ServiceCtl).Name {
        (Get-Command $_).OutputType | Should -Not -BeNullOrEmpty
    }

    It 'confirm only removal without being asked' {
        $high = [ServiceCtl.Cmdlets.GetPyServiceCommand].Assembly.GetExportedTypes() | Where-Object {
            $attribute = $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
            $attribute -and $attribute[0].ConfirmImpact -eq 'High'
        }
        $high.Name | Sort-Object | Should -Be 'RemovePyServiceContainerCommand', 'RemovePyServiceReleaseCommand', 'UnregisterPyServiceCommand'
    }
}

Describe 'The public surface' {
    It 'is the approved one' {
        $lines = @(
            foreach ($command in Get-Command -Module ServiceCtl | Sort-Object Name) {
                $command.Name
                foreach ($set in $command.ParameterSets | Sort-Object Name) {
                    "    $($set.Name)$(if ($set.IsDefault) { ' (default)' }): $set"
                }
            }
            foreach ($type in [ServiceCtl.Cmdlets.GetPyServiceCommand], [ServiceCtl.Contracts.PyService] | ForEach-Object { $_.Assembly.GetExportedTypes() } | Sort-Object FullName) {
                $kind = if ($type.IsEnum) { 'enum' } elseif ($type.IsAbstract) { 'abstract class' } elseif ($type.IsSealed) { 'sealed class' } else { 'class' }
                $base = if ($type.BaseType -notin [object], [enum], [System.Enum]) { ": $($type.BaseType.Name)" }
                "$kind $($type.FullName)$base"
                $members = [string[]] @(Get-OwnMember $type | ForEach-Object { "    $(Format-Member $_)" })
                [array]::Sort($members, [System.StringComparer]::Ordinal)
                $members
            }
        )
        $received = Join-Path $root 'output/Surface.received.txt'
        Set-Content $received $lines
        $approved = Get-Content (Join-Path $PSScriptRoot 'Surface.approved.txt') -ErrorAction Ignore
        $difference = Compare-Object @($approved) $lines -SyncWindow 5 | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
        $difference | Should -BeNullOrEmpty -Because "a change that is meant is approved by copying $received over Surface.approved.txt"
    }
}
