# Text of others in the views of every type, in errors, warnings and verbose messages: it steers no terminal, and the objects keep it.
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'Ansi'
    $hostile = "`e]0;pwned`a`e[2Jx" + [char]0x9b + "31mgood`b`b`b`bevil" + [char]0x202e + 'denwp' + [char]0x2066
    $steering = '[\a\b\x9b\u202e\u2066]|\x1b(?!\[[0-9;]*m)'

    # An object with the text in every property that can hold it.
    function New-Hostile([type] $Type) {
        $it = [System.Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject($Type)
        foreach ($property in $Type.GetProperties() | Where-Object { $_.SetMethod }) {
            $value = switch ($property.PropertyType) {
                ([string]) { $hostile }
                { $_ -eq [System.Collections.Generic.IReadOnlyList[string]] } { , [string[]] @($hostile, $hostile) }
                { $_.IsGenericType -and $_.Name -like 'IReadOnlyList*' } {
                    $inner = $_.GenericTypeArguments[0]
                    $list = [array]::CreateInstance($inner, 1)
                    if ($inner.Namespace -eq 'ServiceCtl.Contracts' -and $inner -ne $Type -and -not $inner.IsEnum) { $list[0] = New-Hostile $inner; , $list }
                }
                { $_.Namespace -eq 'ServiceCtl.Contracts' -and $_.IsClass } { New-Hostile $_ }
                ([object]) { $hostile }
            }
            if ($null -ne $value) { $property.SetValue($it, $value) }
        }
        , $it
    }
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Text of others' {
    It 'steers no terminal from the <_> view' -ForEach @(
        ([xml] (Get-Content $PSScriptRoot/../../module/ServiceCtl.Format.ps1xml)).Configuration.ViewDefinitions.View.ViewSelectedBy.TypeName |
            Where-Object { $_ -notlike '*#*' } | Sort-Object -Unique
    ) {
        $it = New-Hostile ([type] $_)
        foreach ($shown in ($it | Format-Table -Wrap | Out-String -Width 500), ($it | Format-List | Out-String -Width 500)) {
            $shown | Should -Not -Match $steering
        }
        ($it | Format-List | Out-String -Width 500) | Should -Match ([regex]::Escape('\x1b]0;pwned\x07'))
    }

    It 'is kept by the objects' {
        (New-Hostile ([ServiceCtl.Contracts.LogLine])).Text | Should -BeExactly $hostile
    }

    It 'steers no terminal from an error' {
        Get-PyServiceConfig -Path "/nosuch$hostile" -ErrorVariable failed -ErrorAction SilentlyContinue
        "$($failed[0].ErrorDetails.Message)" | Should -Not -Match $steering
    }
}
