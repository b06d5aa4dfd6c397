# PowerShell completion for the command servicectl. The module's cmdlets complete by themselves.
Register-ArgumentCompleter -Native -CommandName servicectl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
            Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or ($_.Extent.EndOffset -eq $cursorPosition -and -not $wordToComplete) } |
            ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $command = $words[0]
    $words = @($words | Select-Object -Skip 1)
    foreach ($line in & $command __complete @words "$wordToComplete" 2>$null) {
        $candidate, $means = $line -split "`t", 2
        [System.Management.Automation.CompletionResult]::new($candidate, $candidate, 'ParameterValue', $(if ($means) { $means } else { $candidate }))
    }
}
