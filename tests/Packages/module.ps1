param([string] $Root, [string] $Repository)

$ErrorActionPreference = 'Stop'
function Assert([bool] $Truth, [string] $What) { if (-not $Truth) { throw "not so: $What" } else { "ok: $What" } }
Register-PSResourceRepository -Name local -Uri $Repository -Trusted -ApiVersion Local
$found = Find-PSResource ServiceCtl -Repository local
$version = $found.Version
Assert ($found.ReleaseNotes -match 'agent restart') 'the gallery shows the release notes'
Assert ($found.Tags -contains 'Python') 'and the tags'
Assert ($found.Author -eq 'ServiceCtl contributors') 'and the author'
Assert (-not $found.ProjectUri) 'and no address, where none was given'

$null = New-Item -ItemType Directory /srv/saved
Save-PSResource ServiceCtl -Repository local -Path /srv/saved
$saved = (Get-Item /srv/saved/ServiceCtl/*/ServiceCtl.psd1).DirectoryName
# What the format drops; whoever uses it first gets it back.
chmod a-x "$saved/Dependencies/servicectl"
& $env:PWSH -NoProfile -NonInteractive -Command "Import-Module $saved/ServiceCtl.psd1; Start-PyServiceAgent; Stop-PyServiceAgent"
Assert ($LASTEXITCODE -eq 0) 'root uses what was saved'
Assert ((Get-Item "$saved/Dependencies/servicectl").UnixMode -match 'x') 'and the command can be executed'

chmod a-x "$saved/Dependencies/servicectl"
$null = New-Item -ItemType Directory /tmp/nobody
chown nobody /tmp/nobody
$said = setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=/tmp/nobody SERVICECTL_HOME=/tmp/nobody/home $env:PWSH -NoProfile -NonInteractive -Command "Import-Module $saved/ServiceCtl.psd1; (Start-PyServiceAgent -PassThru).User; Stop-PyServiceAgent"
Assert ($said -eq 'nobody') 'others use it where they may not write'

Install-PSResource ServiceCtl -Repository local -Scope AllUsers
$module = Get-Module ServiceCtl -ListAvailable
Assert ($module.Version -eq $version) 'it is installed'
Assert ($module.PrivateData.PSData.ReleaseNotes -match 'agent restart') 'its manifest has the release notes'

# The next version, with addresses.
$next = "$($version.Major).$($version.Minor).$($version.Build + 1)"
Copy-Item -Recurse $saved /srv/staged
(Get-Content /srv/staged/ServiceCtl.psd1 -Raw) -replace "ModuleVersion( *)= '$version'", "ModuleVersion`$1= '$next'" -replace "(?ms)^ *ReleaseNotes = @'.*?^'@\n", '' | Set-Content /srv/staged/ServiceCtl.psd1 -NoNewline
& "$Root/packaging/module.ps1" -Module /srv/staged -Destination $Repository -Epoch 1700000000 -ProjectUrl 'https://example.org/servicectl/'
$found = Find-PSResource ServiceCtl -Repository local
Assert ("$($found.Version)" -eq $next) 'the next version is found'
Assert ($found.ProjectUri -eq 'https://example.org/servicectl') 'with the address that was given'

# A session has the old one loaded; a service runs.
$session = [powershell]::Create().AddScript("Import-Module ServiceCtl -RequiredVersion $version; Register-PyService '$Root/samples/flask-ping' -WhatIf; Get-PyService")
$null = $session.Invoke()
Assert (-not $session.HadErrors) "a session uses the old one: $($session.Streams.Error)"
Update-PSResource ServiceCtl -Repository local -Scope AllUsers
Assert ((Get-Module ServiceCtl -ListAvailable).Version -contains [version] $next) 'it is updated'
$session.Commands.Clear()
$null = $session.AddScript('Get-PyService; Get-PyServiceConfig *; Start-PyServiceAgent; Get-Help Get-PyService -Full').Invoke()
Assert (-not $session.HadErrors) "the session goes on: $($session.Streams.Error)"
$help = & $env:PWSH -NoProfile -NonInteractive -Command 'Restart-PyServiceAgent; (Get-PyServiceAgent).Version; (Get-Help Get-PyService).relatedLinks.navigationLink[0].uri'
Assert ($help[-1] -eq 'https://example.org/servicectl/docs/reference/cmdlets.md#get-pyservice') 'Get-Help -Online knows where'
$null = New-Item -ItemType Directory /srv/other
Register-PSResourceRepository -Name other -Uri /srv/other -Trusted -ApiVersion Local
Publish-PSResource -Path (Get-Module ServiceCtl -ListAvailable | Where-Object Version -eq $next).ModuleBase -Repository other
Assert ("$((Find-PSResource ServiceCtl -Repository other).Version)" -eq $next) 'what is installed can be published elsewhere'
& $env:PWSH -NoProfile -NonInteractive -Command 'Stop-PyServiceAgent -Force'
