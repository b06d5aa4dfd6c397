<#
    The Tab key for the command servicectl in PowerShell, and advice that speaks of cmdlets.
#>
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $env:PATH = "$(Join-Path $module 'Dependencies'):$env:PATH"
    servicectl completion pwsh | Out-String | Invoke-Expression

    function Complete([string] $Line) {
        [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
    }
}

Describe 'servicectl completion pwsh' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'servicectl sta'; Expected = 'start', 'status' }
        @{ Line = 'servicectl agent st'; Expected = 'status', 'start', 'stop' }
        @{ Line = 'servicectl start --time'; Expected = @('--timeout') }
        @{ Line = 'servicectl completion '; Expected = 'bash', 'fish', 'pwsh', 'zsh' }
        @{ Line = 'servicectl events --kind gave'; Expected = @('gave-up') }
    ) {
        (Complete $Line).CompletionText | Should -Be $Expected
    }

    It 'says what a verb does' {
        (Complete 'servicectl resta').ToolTip | Should -BeLike 'Restart services*'
    }

    It 'has its scripts and man pages in the module' {
        Join-Path $module 'share/bash-completion/completions/servicectl' | Should -FileContentMatch 'complete -o'
        Join-Path $module 'share/man/man1/servicectl-restart.1.gz' | Should -Exist
    }
}

Describe 'advice' {
    It 'names cmdlets, not verbs' {
        Get-PyService nobody -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].ErrorDetails.RecommendedAction | Should -Be "'Get-PyService' lists the registered services; 'Register-PyService' adds one."
    }
}

Describe 'patterns' {
    BeforeAll {
        foreach ($name in 'set-1', 'set-2', 'set-3') {
            $folder = Join-Path (Split-Path $env:SERVICECTL_HOME) $name
            $null = New-Item -ItemType Directory -Force $folder
            Set-Content (Join-Path $folder 'config.yaml') 'service: {runner: command, command: [sleep, "60"]}'
            Register-PyService $folder
        }
    }

    AfterAll { Unregister-PyService set-* -Confirm:$false }

    It 'are those of the command: <Names>' -ForEach @(
        @{ Names = @('set-[12]'); Expected = 'set-1', 'set-2' }
        @{ Names = 'set-*', '!set-2'; Expected = 'set-1', 'set-3' }
        @{ Names = @('set-[!12]'); Expected = @('set-3') }
    ) {
        (Get-PyService $Names).Name | Should -Be $Expected
        (servicectl list @Names --json | ConvertFrom-Json).name | Should -Be $Expected
    }

    It 'stop at an excluded name that does not exist' {
        Get-PyService set-*, '!nobody' -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ServiceNotFound,*'
    }
}
