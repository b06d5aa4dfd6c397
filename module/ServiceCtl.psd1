@{
    RootModule           = 'ServiceCtl.Cmdlets.dll'
    ModuleVersion        = '0.2.0'
    GUID                 = '2ef8c146-057f-414a-b206-88a0b455c476'
    Author               = 'ServiceCtl contributors'
    CompanyName          = 'ServiceCtl contributors'
    Copyright            = 'Copyright (c) ServiceCtl contributors. MIT licence.'
    Description          = 'Runs Python services on Linux hosts: define, start, restart without losing a request, supervise, stop.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')

    FormatsToProcess     = @('ServiceCtl.Format.ps1xml')
    TypesToProcess       = @('ServiceCtl.Types.ps1xml')

    CmdletsToExport      = @(
        'Add-PyServiceChange'
        'Build-PyServiceImage'
        'Build-PyServicePackage'
        'Connect-PyServiceHost'
        'Copy-PyServiceImage'
        'Disable-PyService'
        'Disconnect-PyServiceHost'
        'Enable-PyService'
        'Export-PyServiceManifest'
        'Export-PyServiceUnit'
        'Export-PyServiceWheel'
        'Get-PyService'
        'Get-PyServiceAgent'
        'Get-PyServiceAlert'
        'Get-PyServiceConfig'
        'Get-PyServiceContainer'
        'Get-PyServiceEvent'
        'Get-PyServiceFailure'
        'Get-PyServiceFailurePolicy'
        'Get-PyServiceImage'
        'Get-PyServiceLog'
        'Get-PyServiceRelease'
        'Get-PyServiceSchedule'
        'Get-PyServiceStage'
        'Get-PyServiceStatus'
        'Get-PyServiceTemplate'
        'Import-PyService'
        'Initialize-PyServiceEnvironment'
        'Initialize-PyServiceStage'
        'Install-PyServiceHost'
        'Invoke-Daemon'
        'Invoke-PyServiceCommand'
        'Invoke-PyServiceSchedule'
        'Invoke-Relog'
        'Lock-PyServiceStage'
        'New-PyServiceConfig'
        'New-PyServiceImageFile'
        'New-PyServiceProject'
        'New-PyServiceWrapper'
        'Publish-PyService'
        'Publish-PyServiceImage'
        'Publish-PyServicePackage'
        'Register-PyService'
        'Remove-PyServiceContainer'
        'Remove-PyServiceRelease'
        'Restart-PyService'
        'Restart-PyServiceAgent'
        'Restore-PyServiceRelease'
        'Set-PyServiceConfig'
        'Set-PyServiceModuleAddress'
        'Show-PyService'
        'Start-PyService'
        'Start-PyServiceAgent'
        'Step-PyServiceVersion'
        'Stop-PyService'
        'Stop-PyServiceAgent'
        'Test-PyService'
        'Test-PyServiceAlert'
        'Test-PyServiceConfig'
        'Test-PyServiceFailurePolicy'
        'Test-PyServiceHost'
        'Test-PyServiceStage'
        'Unlock-PyServiceStage'
        'Unregister-PyService'
        'Update-PyServiceProject'
        'Wait-PyService'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags = @('Linux', 'Windows', 'MacOS', 'Python', 'uWSGI', 'gunicorn', 'uvicorn', 'Flask', 'Service', 'Supervisor', 'systemd', 'ZeroDowntime', 'PSEdition_Core')
        }
    }
}
