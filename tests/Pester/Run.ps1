<#
.SYNOPSIS
    Runs every *.Tests.ps1 beside this file against the built module, in a session of its own and with an agent of its own.
.PARAMETER Path
    The test files to run; all when not given.
#>
param([string[]] $Path = $PSScriptRoot)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$work = [System.IO.Directory]::CreateTempSubdirectory('servicectl-pester-').FullName
$env:SERVICECTL_HOME = Join-Path $work 'home'

# As a .NET tool this session's process is dotnet. Tests start sessions by one path, which becomes the process that they see and send signals to.
$command = if ((Split-Path -Leaf ([Environment]::ProcessPath)) -eq 'dotnet') { [Environment]::ProcessPath, "$PSHOME/pwsh.dll" } else { "$PSHOME/pwsh" }
$pwsh = Join-Path $work 'pwsh'
Set-Content $pwsh "#!/bin/sh`nexec $($command.ForEach{ "'$_'" }) `"`$@`""
chmod +x $pwsh

$pester = Get-Item (Join-Path $root 'output/tools/Pester/*/Pester.psd1') -ErrorAction Ignore
Import-Module ($pester ?? $(throw 'There is no Pester; ./build.sh pwsh restores it.'))
Import-Module (Join-Path $root 'output/ServiceCtl') -Force
try {
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $Path
    $configuration.Run.PassThru = $true
    $configuration.Output.RenderMode = 'Plaintext'
    $result = Invoke-Pester -Configuration $configuration
}
finally {
    & (Join-Path $root 'output/servicectl') agent stop --force *> $null
    Remove-Item $work -Recurse -Force -ErrorAction Ignore
}

# A file or block that could not run at all counts no failed test, and has failed all the same.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
Write-Output "pester: $($result.PassedCount) passed, $failed failed, $($result.SkippedCount + $result.NotRunCount) skipped"
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)
