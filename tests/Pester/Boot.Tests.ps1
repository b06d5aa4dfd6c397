BeforeAll {
    . $PSScriptRoot/Support.ps1
    $null = Add-FlaskService web
    $null = Add-FlaskService auth
}

AfterAll { Remove-AllServices }

Describe 'Enable-PyService and Disable-PyService' {
    It 'change what becomes of a service at boot, once or twice, and are silent' {
        (Get-PyService web).AtBoot | Should -Be Restored
        Enable-PyService web -WarningAction Ignore | Should -BeNullOrEmpty
        (Enable-PyService web -PassThru -WarningAction Ignore).AtBoot | Should -Be Enabled
        (Get-PyService | Where-Object AtBoot -eq Enabled).Name | Should -Be web
        (Get-PyServiceStatus web).AtBoot | Should -Be Enabled
        (Get-PyService web | Disable-PyService -PassThru).AtBoot | Should -Be Disabled
        Get-PyService web | Format-List | Out-String | Should -Match 'AtBoot +: Disabled'
    }

    It 'start and stop nothing' {
        (Get-PyService).State | Should -Be Stopped, Stopped
    }

    It 'say that nothing starts this agent, and enable all the same' {
        Enable-PyService w* -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -Match "^SERVICECTL_HOME chooses an agent of its own.*'Export-PyServiceUnit -Agent'"
        (Get-PyService web).AtBoot | Should -Be Enabled
    }

    It 'go on after a name that is not known' {
        $outcome = Get-Outcome { Disable-PyService nosuch, auth -PassThru -ErrorAction Continue }
        $outcome.Objects.Name | Should -Be auth
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ServiceNotFound,ServiceCtl.Cmdlets.DisablePyServiceCommand'
    }

    It 'do not mean all services when none is named' {
        { Disable-PyService } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}
