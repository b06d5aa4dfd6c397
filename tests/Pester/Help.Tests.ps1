BeforeDiscovery {
    $commands = Get-Command -Module ServiceCtl | ForEach-Object { @{ Command = $_ } }
}

BeforeAll {
    . $PSScriptRoot/Support.ps1
    $common = [System.Management.Automation.Cmdlet]::CommonParameters

    # Of a parameter: what holds in the parameter sets it is in; a position is that after a name.
    function Get-Truth($Parameter) {
        $sets = @($Parameter.ParameterSets.Values)
        $piped = @(
            if ($true -in $sets.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
            if ($true -in $sets.ValueFromPipeline) { 'ByValue' }
        )
        $type = $Parameter.ParameterType
        $type = [System.Nullable]::GetUnderlyingType($type) ?? $type
        [ordered]@{
            Type = $type.Name
            Required = "$($sets[0].IsMandatory)".ToLowerInvariant()
            Position = if (($position = ($sets.Position | Measure-Object -Maximum).Maximum) -ge 0) { "$position" } else { 'named' }
            Pipeline = if ($piped) { "True ($($piped -join ', '))" } else { 'False' }
            Aliases = if ($Parameter.Aliases) { $Parameter.Aliases -join ', ' } else { 'none' }
            Globbing = "$([bool] ($Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }))".ToLowerInvariant()
        } | ConvertTo-Json -Compress
    }

    function Get-Claim($Parameter) {
        [ordered]@{
            Type = $Parameter.type.name
            Required = $Parameter.required
            Position = $Parameter.position
            Pipeline = $Parameter.pipelineInput
            Aliases = $Parameter.aliases
            Globbing = $Parameter.globbing
        } | ConvertTo-Json -Compress
    }
}

Describe 'Help of <Command.Name>' -ForEach $commands {
    BeforeAll { $help = Get-Help $Command.Name -Full }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        $help.Synopsis | Should -Not -Match "^\s*$($Command.Name)"
        ($help.description.Text -join '').Length | Should -BeGreaterThan 60
    }

    It 'describes every parameter as it is' {
        $real = $Command.Parameters.Values | Where-Object Name -notin $common
        $told = @($help.parameters.parameter | Where-Object { $_ })
        $told.name | Sort-Object | Should -Be @($real.Name | Sort-Object)
        foreach ($parameter in $told) {
            ($parameter.description.Text -join '') | Should -Match '\.$' -Because $parameter.name
            Get-Claim $parameter | Should -Be (Get-Truth $Command.Parameters[$parameter.name]) -Because $parameter.name
        }
    }

    It 'shows the syntax as it is' {
        $real = foreach ($set in $Command.ParameterSets | Sort-Object IsDefault -Descending -Stable) {
            ($set.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' '
        }
        $told = foreach ($item in $help.syntax.syntaxItem) { ($item.parameter.name | Sort-Object) -join ' ' }
        @($told) | Should -Be @($real)
    }

    It 'has at least three examples, that would run' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterOrEqual 3
        foreach ($example in $examples) {
            $example.title | Should -Match 'Example \d: \S'
            ($example.remarks.Text -join '').Trim() | Should -Not -BeNullOrEmpty
            $errors = $null
            $tree = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty
            $example.code | Should -Match $Command.Name
            foreach ($call in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $called = Get-Command $call.GetCommandName() -ErrorAction Stop
                foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                    # Behind -- everything is an argument.
                    if ($parameter.ParameterName -in '', '-') { break }
                    { $called.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw
                }
            }
        }
    }

    It 'leads to topics that exist' {
        $links = $help.relatedLinks.navigationLink.linkText
        $links | Should -Not -BeNullOrEmpty
        foreach ($link in $links) {
            Get-Help $link | Should -Not -BeNullOrEmpty -Because $link
        }
    }
}

Describe 'about_ServiceCtl' {
    It 'is found, and names every error id' {
        $text = Get-Help about_ServiceCtl | Out-String
        foreach ($code in [enum]::GetNames([ServiceCtl.Contracts.ErrorCode])) {
            $text | Should -Match "\b$code\b"
        }
    }

    It 'says that both kinds of restart lose no request, as the help does' {
        (Get-Help about_ServiceCtl | Out-String) -replace '\s+', ' ' | Should -Match 'when it is ready, the old one finishes its requests and ends.* No request is lost either way'
        (Get-Help Restart-PyService).description.Text -join ' ' | Should -Match 'When it is ready, new connections go to it, and the old one ends after finishing its requests: none is lost'
    }

    It 'fits a terminal of 80 columns' {
        Get-Content "$module/en-US/about_ServiceCtl.help.txt" | Where-Object Length -gt 79 | Should -BeNullOrEmpty
    }
}
