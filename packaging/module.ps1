<#
.SYNOPSIS
    Makes the module package for PSResourceGet of a staged module: release notes, icon, licence and addresses go in, and every byte follows from the input.
.PARAMETER Module
    The staged module; its manifest and help are completed in place.
.PARAMETER Destination
    The folder of the package.
.PARAMETER Epoch
    Seconds since 1970 that stand for every time.
.PARAMETER ProjectUrl
    Where people read this repository's files; none when empty.
#>
param([string] $Module, [string] $Destination, [long] $Epoch, [string] $ProjectUrl)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$manifest = Join-Path $Module 'ServiceCtl.psd1'
$version = (Import-PowerShellDataFile $manifest).ModuleVersion
$ProjectUrl = $ProjectUrl.TrimEnd('/')

# What a person reads in a gallery: the notes of this version, without the title that the gallery has itself.
$notesFile = Join-Path $root "docs/releases/$(([version] $version).ToString(2)).md"
$notes = if (Test-Path $notesFile) { (Get-Content $notesFile | Select-Object -Skip 1) -join "`n" } else { throw "There are no release notes of $version`: $notesFile" }
$notes = $notes.Trim()

Copy-Item (Join-Path $root 'LICENSE'), (Join-Path $root 'docs/icon.png') $Module -Force
$more = @("            ReleaseNotes = @'`n$notes`n'@")
if ($ProjectUrl) {
    $more += "            ProjectUri = '$ProjectUrl'", "            LicenseUri = '$ProjectUrl/LICENSE'", "            IconUri = '$ProjectUrl/docs/icon.png'"
}
$text = [System.IO.File]::ReadAllText($manifest)
$anchor = '        PSData = @{' + "`n"
if (-not $text.Contains($anchor)) { throw "The manifest has no PSData." }
if ($notes -match "(?m)^'@") { throw 'The release notes hold what ends a here-string.' }
[System.IO.File]::WriteAllText($manifest, $text.Replace($anchor, $anchor + ($more -join "`n") + "`n"))
$null = Test-ModuleManifest $manifest

if ($ProjectUrl) {
    # Get-Help -Online opens the first link that has an address.
    $helpFile = Join-Path $Module 'en-US/ServiceCtl.Cmdlets.dll-Help.xml'
    $maml = 'http://schemas.microsoft.com/maml/2004/10'
    $help = [xml]::new()
    $help.PreserveWhitespace = $true
    $help.Load($helpFile)
    $names = [System.Xml.XmlNamespaceManager]::new($help.NameTable)
    $names.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
    foreach ($command in $help.SelectNodes('/*/command:command', $names)) {
        $link = $help.CreateElement('maml', 'navigationLink', $maml)
        $words = $link.AppendChild($help.CreateElement('maml', 'linkText', $maml))
        $words.InnerText = 'Online version'
        $address = $link.AppendChild($help.CreateElement('maml', 'uri', $maml))
        $address.InnerText = "$ProjectUrl/docs/reference/cmdlets.md#$($command.SelectSingleNode('command:details/command:name', $names).InnerText.ToLowerInvariant())"
        $null = $command.SelectSingleNode('command:relatedLinks', $names).PrependChild($link)
    }
    $help.Save($helpFile)
}

# The package: a zip file by the rules of NuGet. https://learn.microsoft.com/nuget/reference/nuspec
Add-Type -AssemblyName System.IO.Compression
$psd = Import-PowerShellDataFile $manifest
$escape = { [System.Security.SecurityElement]::Escape($args[0]) }
$tags = @($psd.PrivateData.PSData.Tags) + 'PSModule', 'PSIncludes_Cmdlet' + @($psd.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
$addresses = if ($ProjectUrl) { "`n    <projectUrl>$(& $escape $ProjectUrl)</projectUrl>" }
$nuspec = @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2011/10/nuspec.xsd">
  <metadata>
    <id>ServiceCtl</id>
    <version>$version</version>
    <authors>$(& $escape $psd.Author)</authors>
    <owners>$(& $escape $psd.CompanyName)</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <license type="file">LICENSE</license>
    <icon>icon.png</icon>$addresses
    <description>$(& $escape $psd.Description)</description>
    <releaseNotes>$(& $escape $notes)</releaseNotes>
    <copyright>$(& $escape $psd.Copyright)</copyright>
    <tags>$(& $escape ($tags -join ' '))</tags>
  </metadata>
</package>
"@
$relations = @'
<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/ServiceCtl.nuspec" Id="R0" />
</Relationships>
'@
[string[]] $files = Get-ChildItem $Module -Recurse -File -Force | ForEach-Object { [System.IO.Path]::GetRelativePath($Module, $_.FullName) }
[array]::Sort($files, [System.StringComparer]::Ordinal)
$kinds = foreach ($file in $files) { $dot = $file.LastIndexOf('.'); if ($dot -gt $file.LastIndexOf('/')) { $file.Substring($dot + 1) } }
$defaults = @($kinds) + 'rels', 'nuspec' | Sort-Object -Unique -CaseSensitive | ForEach-Object {
    "  <Default Extension=`"$(& $escape $_)`" ContentType=`"$(if ($_ -ceq 'rels') { 'application/vnd.openxmlformats-package.relationships+xml' } else { 'application/octet' })`" />"
}
$overrides = $files | Where-Object { $_.LastIndexOf('.') -le $_.LastIndexOf('/') } | ForEach-Object { "  <Override PartName=`"/$(& $escape ([uri]::EscapeUriString($_)))`" ContentType=`"application/octet`" />" }
$types = "<?xml version=`"1.0`" encoding=`"utf-8`"?>`n<Types xmlns=`"http://schemas.openxmlformats.org/package/2006/content-types`">`n$((@($defaults) + @($overrides) | Where-Object { $_ }) -join "`n")`n</Types>`n"

$when = [datetimeoffset]::FromUnixTimeSeconds([Math]::Max($Epoch, 315619200))
$package = Join-Path $Destination "ServiceCtl.$version.nupkg"
Remove-Item $package -ErrorAction Ignore
$stream = [System.IO.File]::Create($package)
try {
    $zip = [System.IO.Compression.ZipArchive]::new($stream, 'Create')
    $add = {
        param([string] $Name, [byte[]] $Bytes, [bool] $IsExecutable)
        $entry = $zip.CreateEntry($Name, 'SmallestSize')
        $entry.LastWriteTime = $when
        $entry.ExternalAttributes = $(if ($IsExecutable) { 0x81ED } else { 0x81A4 }) -shl 16
        $content = $entry.Open()
        try { $content.Write($Bytes, 0, $Bytes.Length) } finally { $content.Dispose() }
    }
    & $add 'ServiceCtl.nuspec' ([System.Text.Encoding]::UTF8.GetBytes($nuspec)) $false
    & $add '[Content_Types].xml' ([System.Text.Encoding]::UTF8.GetBytes($types)) $false
    & $add '_rels/.rels' ([System.Text.Encoding]::UTF8.GetBytes($relations)) $false
    foreach ($file in $files) { & $add $file ([System.IO.File]::ReadAllBytes((Join-Path $Module $file))) ($file -eq 'Dependencies/servicectl') }
    $zip.Dispose()
}
finally { $stream.Dispose() }
