<#
.SYNOPSIS
    The main job from PowerShell: what demo.sh shows, through the module's cmdlets.
#>
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$work = [System.IO.Directory]::CreateTempSubdirectory('servicectl-demo-').FullName
$env:SERVICECTL_HOME = Join-Path $work 'agent'
$folder = Join-Path $work 'flask-ping'
$python = '/usr/bin/python3'
$load = $null

Import-Module (Join-Path $PSScriptRoot '../output/ServiceCtl')

function Step([string] $Text, [scriptblock] $Action) {
    Write-Host "`n# $Text`nPS> $($Action.ToString().Trim())"
    & $Action | Out-Host
}

try {
    $port = & bash (Join-Path $PSScriptRoot 'prepare.sh') $folder
    $url = "http://127.0.0.1:$port"

    Step 'A service is a folder with a config.' { Register-PyService -Path $folder -PassThru | Start-PyService -PassThru }
    Step 'How it is doing, with the commit.' { Get-PyServiceStatus flask-ping | Format-List Name, State, Pid, Listen, Uptime, Revision }
    Step 'Ask it something.' { Invoke-RestMethod "$url/" }

    $load = Start-Process $python "$PSScriptRoot/load.py", "$url/ping" -PassThru -RedirectStandardOutput (Join-Path $work 'load.txt')
    Start-Sleep 1
    (Get-Content "$folder/app.py") -replace '^VERSION = .*', 'VERSION = "1.1.0"' | Set-Content "$folder/app.py"
    git -C $folder commit --quiet --all --message 'Version 1.1.0'
    Step 'New code; hot restart while four clients send requests.' { Get-PyService flask-* | Restart-PyService -Hot -PassThru }
    Step 'The new code answers.' { Invoke-RestMethod "$url/version" }

    Add-Content "$folder/app.py" 'def broken(:'
    Step 'Broken code is refused, and the workers go on serving.' {
        try { Restart-PyService flask-ping -Hot -ErrorAction Stop; throw 'broken code was accepted' }
        catch [ServiceCtl.Contracts.ServiceCtlException] { $_.FullyQualifiedErrorId; $_.Exception.Message }
    }
    Step 'The same code still answers.' { Invoke-RestMethod "$url/version" }
    git -C $folder checkout --quiet app.py

    bash -c "kill $($load.Id)"
    $load.WaitForExit()
    Step 'What the clients saw.' { Get-Content (Join-Path $work 'load.txt') }
    if ($load.ExitCode) { throw 'requests were lost' }
    $load = $null

    Step 'A full restart, and a stop.' { Restart-PyService flask-ping -PassThru; Stop-PyService flask-ping -PassThru }

    Unregister-PyService flask-ping -Confirm:$false
    Step 'Deployed: a release beside the repository, and current leads to it.' { (Publish-PyService production -Folder $folder).Steps }
    Step 'The release answers.' { Invoke-RestMethod "$url/version" }

    Add-Content "$folder/app.py" 'def broken(:'
    git -C $folder commit --quiet --all --message 'Broken'
    Step 'A release whose code is broken never serves; it is kept, with its log.' {
        try { Publish-PyService production -Folder $folder -ErrorAction Stop; throw 'a broken release was published' }
        catch [ServiceCtl.Contracts.ServiceCtlException] { $_.FullyQualifiedErrorId; $_.Exception.Message }
        Get-PyServiceRelease production -Folder $folder
    }

    git -C $folder revert --no-edit HEAD | Out-Null
    (Get-Content "$folder/app.py") -replace '^VERSION = .*', 'VERSION = "1.2.0"' | Set-Content "$folder/app.py"
    git -C $folder commit --quiet --all --message 'Version 1.2.0'
    Step 'A good one.' { Publish-PyService production -Folder $folder; Invoke-RestMethod "$url/version" }
    Step 'And back.' { Restore-PyServiceRelease production -Folder $folder; Invoke-RestMethod "$url/version"; Get-PyServiceRelease production -Folder $folder }
}
finally {
    if ($load) { bash -c "kill $($load.Id)" }
    Stop-PyService flask-ping -ErrorAction Ignore
    Stop-PyServiceAgent -ErrorAction Ignore
    Remove-Item $work -Recurse -Force
}
