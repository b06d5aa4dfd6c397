BeforeAll {
    . $PSScriptRoot/Support.ps1
    $project = Join-Path $TestDrive 'shop'
    $null = New-Item (Join-Path $project 'shop/__init__.py') -Force
    Set-Content (Join-Path $project 'pyproject.toml') @'
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "shop"
version = "1.2.0"  # the only place
description = "A shop"
[tool.setuptools]
packages = ["shop"]
'@
    Push-Location $project
}

AfterAll { Pop-Location }

Describe 'Step-PyServiceVersion' {
    It 'refuses without a change, and names the cmdlet that writes one' {
        $outcome = Get-Outcome { Step-PyServiceVersion }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'InvalidState,ServiceCtl.Cmdlets.StepPyServiceVersionCommand'
        $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike '*Add-PyServiceChange fix*-AllowEmpty*'
        (Step-PyServiceVersion -Check | Where-Object Outcome -EQ Failed).Name | Should -Be change
    }

    It 'raises the version by the changes, which -WhatIf only shows' {
        $change = Add-PyServiceChange Feature 'Orders can be exported.' -Issue 12
        $change | Should -BeOfType ([ServiceCtl.Contracts.PyServiceChange])
        $plan = Step-PyServiceVersion -WhatIf
        $plan.IsDone, $plan.Version | Should -Be $false, '1.3.0'
        $plan.Diff | Should -Contain '+ version = "1.3.0"  # the only place'
        Test-Path $change.Path | Should -BeTrue
        $step = Step-PyServiceVersion -Prerelease Rc
        $step.IsDone, $step.Version, $step.Tag | Should -Be $true, '1.3.0rc1', 'v1.3.0-rc.1'
        Test-Path $change.Path | Should -BeFalse
        (Step-PyServiceVersion -AllowEmpty).Version | Should -Be '1.3.0'
        Get-Content (Join-Path $project 'CHANGELOG.md') | Should -Contain '- Orders can be exported. (#12)'
    }
}

Describe 'Build-PyServicePackage' {
    It 'builds what Publish-PyServicePackage takes from the pipeline' {
        Build-PyServicePackage -WhatIf
        Test-Path dist | Should -BeFalse
        $published = Build-PyServicePackage Wheel -Python /usr/bin/python3 -Isolation off | Publish-PyServicePackage (Join-Path $TestDrive 'index')
        $published | Should -BeOfType ([ServiceCtl.Contracts.PyServicePublication])
        $published.File, $published.IsNew | Should -Be 'shop-1.3.0-py3-none-any.whl', $true
        (Publish-PyServicePackage (Join-Path $TestDrive 'index')).IsNew | Should -BeFalse
    }

    It 'says what is no package' {
        Set-Content shop.whl 'nothing'
        $outcome = Get-Outcome { Publish-PyServicePackage (Join-Path $TestDrive 'index') shop.whl }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'PackageFailed,ServiceCtl.Cmdlets.PublishPyServicePackageCommand'
    }
}
