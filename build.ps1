#!/usr/bin/env pwsh
<#
.SYNOPSIS
    The tasks of build.sh, for PowerShell users.
.EXAMPLE
    ./build.ps1 demo
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0, ValueFromRemainingArguments)]
    [ArgumentCompletions('demo', 'test', 'build', 'package', 'packages', 'compat', 'bench', 'scenes', 'templates', 'fuzz', 'soak', 'pwsh', 'clean', 'help')]
    [string[]] $Task = 'help'
)

& bash (Join-Path $PSScriptRoot 'build.sh') @Task
exit $LASTEXITCODE
