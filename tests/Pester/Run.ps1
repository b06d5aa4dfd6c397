<#
.SYNOPSIS
    Runs every *.Tests.ps1 beside this file against the built module, in a session of its own and with an agent of its own.
#>
#Requires -Modules Pester
$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$agentHome = [System.IO.Directory]::CreateTempSubdirectory('servicectl-pester-').FullName
$env:SERVICECTL_HOME = $agentHome

Import-Module (Join-Path $root 'output/ServiceCtl') -Force
try {
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $PSScriptRoot
    $configuration.Run.PassThru = $true
    $configuration.Output.RenderMode = 'Plaintext'
    $result = Invoke-Pester -Configuration $configuration
}
finally {
    & (Join-Path $root 'output/servicectl') agent stop --force *> $null
    Remove-Item $agentHome -Recurse -Force -ErrorAction Ignore
}

# A file or block that could not run at all counts no failed test, and has failed all the same.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
$skipped = $result.SkippedCount + $result.NotRunCount
$line = "pester: $($result.PassedCount) passed, $failed failed"
if ($skipped) { $line += ", $skipped skipped" }
Write-Output $line
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)
