BeforeAll { . $PSScriptRoot/Support.ps1 }

Describe 'Published, and saved again' {
    BeforeAll {
        $work = Join-Path (Split-Path $env:SERVICECTL_HOME) 'publishing'
        $null = New-Item -ItemType Directory -Force "$work/repository", "$work/modules", "$work/cache"
        Register-PSResourceRepository -Name servicectl-test -Uri "$work/repository" -Trusted -ApiVersion Local
        Publish-PSResource -Path $module -Repository servicectl-test
        Save-PSResource -Name ServiceCtl -Repository servicectl-test -Path "$work/modules" -SkipDependencyCheck
        $saved = (Get-Item "$work/modules/ServiceCtl/*/ServiceCtl.psd1").Directory.FullName
        $command = Join-Path $saved 'Dependencies/servicectl'
    }

    AfterAll { Unregister-PSResourceRepository -Name servicectl-test }

    It 'has a command that is not executable, and works all the same' {
        # What the format does; should it keep the mode one day, this takes it away.
        chmod a-x $command
        $env:SERVICECTL_HOME = "$work/home"
        try {
            & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$saved/ServiceCtl.psd1'; (Start-PyServiceAgent -PassThru).User; Stop-PyServiceAgent" | Should -Be (id -un)
        }
        finally { $env:SERVICECTL_HOME = Join-Path (Split-Path $work) 'home' }
        (Get-Item $command).UnixMode | Should -Match 'x'
    }

    It 'works for somebody who may not change it, by a copy' -Skip:((id -u) -ne 0) {
        chmod a-x $command
        chmod -R go+rX,go-w (Split-Path $work)
        chmod 755 (Split-Path $work) $work
        chown nobody "$work/cache"
        $said = setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$work/cache" XDG_CACHE_HOME="$work/cache" SERVICECTL_HOME="$work/cache/home" `
            $pwsh -NoProfile -NonInteractive -Command "Import-Module '$saved/ServiceCtl.psd1'; (Start-PyServiceAgent -PassThru).User; Stop-PyServiceAgent"
        $said | Should -Be nobody
        (Get-Item $command).UnixMode | Should -Not -Match 'x'
        Get-Item "$work/cache/servicectl/*/servicectl" | Should -HaveCount 1
    }
}
