BeforeAll { . $PSScriptRoot/Support.ps1 }

Describe 'The examples of the help, of the README and of the guide' {
    It 'run, all of them' {
        $work = Join-Path (Split-Path $env:SERVICECTL_HOME) 'examples'
        $null = New-Item -ItemType Directory -Force $work
        unshare --mount --map-root-user --propagation private $pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'Examples.ps1') -Module $module -Work $work -Pages $root 2>&1 |
            ForEach-Object { "$_" } | Where-Object { $_ -match '^(\w+-\w+: |every example)' } | Should -Be 'every example was run'
    }
}
