BeforeAll {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $module = Join-Path $root 'output/ServiceCtl'

    # What a fresh session without profile says, as objects.
    function Invoke-InFreshSession([string] $Script) {
        $json = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; & { $Script } | ConvertTo-Json -AsArray -Depth 3"
        if ($LASTEXITCODE) { throw "the session failed: $json" }
        ($json -join "`n") | ConvertFrom-Json
    }
}

Describe 'Importing the module' {
    It 'has a manifest that PowerShell accepts' {
        Test-ModuleManifest (Join-Path $module 'ServiceCtl.psd1') | Select-Object -ExpandProperty Name | Should -Be 'ServiceCtl'
    }

    It 'exports what its manifest names, and nothing else' {
        $named = (Import-PowerShellDataFile (Join-Path $module 'ServiceCtl.psd1')).CmdletsToExport | Sort-Object
        $exported = (Get-Module ServiceCtl).ExportedCommands.Keys | Sort-Object
        @($exported) | Should -Be @($named)
    }

    It 'loads nothing but the cmdlets and the contracts' {
        $loaded = Invoke-InFreshSession "
            `$before = [AppDomain]::CurrentDomain.GetAssemblies().Location
            Import-Module '$module'
            [AppDomain]::CurrentDomain.GetAssemblies().Location | Where-Object { `$_ -notin `$before -and `$_ -like '$module/*' } | Split-Path -Leaf"
        $loaded | Should -BeIn 'ServiceCtl.Cmdlets.dll', 'ServiceCtl.Contracts.dll'
    }

    It 'can be imported twice, and again after it was removed' {
        $names = Invoke-InFreshSession "
            Import-Module '$module'; Import-Module '$module' -Force; Remove-Module ServiceCtl; Import-Module '$module'
            (Get-Module ServiceCtl).Name"
        $names | Should -Be 'ServiceCtl'
    }
}
