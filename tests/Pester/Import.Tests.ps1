BeforeAll { . $PSScriptRoot/Support.ps1 }

Describe 'Importing the module' {
    It 'has a manifest that PowerShell accepts' {
        Test-ModuleManifest (Join-Path $module 'ServiceCtl.psd1') | Select-Object -ExpandProperty Name | Should -Be 'ServiceCtl'
    }

    It 'exports what its manifest names, and nothing else' {
        $named = (Import-PowerShellDataFile (Join-Path $module 'ServiceCtl.psd1')).CmdletsToExport | Sort-Object
        $exported = (Get-Module ServiceCtl).ExportedCommands.Keys | Sort-Object
        @($exported) | Should -Be @($named)
    }

    # What the module does at import it does in every session. The runtime may load a referenced assembly early, on its own, and does so
    # on a busy machine once in hundreds of sessions: one session without the engine is proof, one with it is none.
    It 'loads nothing but the cmdlets and the contracts, and makes no folder' {
        foreach ($attempt in 1..5) {
            $loaded = Invoke-FreshSession "
                `$env:SERVICECTL_HOME = '$TestDrive/home'
                `$before = [AppDomain]::CurrentDomain.GetAssemblies().Location
                Import-Module '$module'
                [AppDomain]::CurrentDomain.GetAssemblies().Location | Where-Object { `$_ -notin `$before -and `$_ -like '$module/*' } | Split-Path -Leaf"
            if (@($loaded).Count -le 2) { break }
        }
        $loaded | Sort-Object | Should -Be 'ServiceCtl.Cmdlets.dll', 'ServiceCtl.Contracts.dll'
        "$TestDrive/home" | Should -Not -Exist
    }

    It 'can be imported twice, and again after it was removed' {
        Invoke-FreshSession "
            Import-Module '$module'; Import-Module '$module' -Force; Remove-Module ServiceCtl; Import-Module '$module'
            (Get-Module ServiceCtl).Name
            @(Get-PyService nosuch* 2>&1).Count" | Should -Be 'ServiceCtl', '0'
    }

    It 'takes less than 150 ms' {
        Get-Quickest -Goal 150 { [double] (Invoke-FreshSession "(Measure-Command { Import-Module '$module' }).TotalMilliseconds") } | Should -BeLessThan 150
    }
}
