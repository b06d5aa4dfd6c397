<#
.SYNOPSIS
    Writes what is inside as a CycloneDX document: the NuGet packages that the command and the module were built with, with licences and hashes.
.PARAMETER Assets
    The project.assets.json of the projects that are shipped.
#>
param([string[]] $Assets, [string] $Version, [string] $Sdk, [long] $Epoch, [string] $Destination)

$ErrorActionPreference = 'Stop'
$libraries = [System.Collections.Generic.SortedDictionary[string, object]]::new([System.StringComparer]::Ordinal)
foreach ($file in $Assets) {
    $read = Get-Content $file -Raw | ConvertFrom-Json -AsHashtable
    $folders = @($read.packageFolders.Keys)
    # What is used at run time; analyzers and reference assemblies are not shipped.
    foreach ($target in $read.targets.Values) {
        foreach ($name in $target.Keys) {
            $library = $target[$name]
            if ($library.type -ne 'package' -or -not ($library.runtime -or $library.native -or $library.runtimeTargets -or $library.resource)) { continue }
            $libraries[$name] = @{ Path = $read.libraries[$name].path; Sha512 = $read.libraries[$name].sha512; Folders = $folders }
        }
    }

    # The runtime itself, which native code holds.
    foreach ($framework in $read.project.frameworks.Values) {
        foreach ($pack in @($framework.downloadDependencies) | Where-Object name -Match '^(Microsoft\.(NETCore|AspNetCore)\.App\.Runtime|runtime\..*ILCompiler)') {
            $number = ($pack.version -replace '[\[\]]').Split(',')[0].Trim()
            $libraries["$($pack.name)/$number"] = @{ Path = "$($pack.name.ToLowerInvariant())/$number"; Sha512 = $null; Folders = $folders }
        }
    }
}

$components = foreach ($name in $libraries.Keys) {
    $id, $number = $name.Split('/')
    $library = $libraries[$name]
    $folder = $library.Folders | ForEach-Object { Join-Path $_ $library.Path } | Where-Object { Test-Path $_ } | Select-Object -First 1
    $component = [ordered]@{ type = 'library'; 'bom-ref' = "pkg:nuget/$id@$number"; name = $id; version = $number }
    if ($library.Sha512) { $component.hashes = @([ordered]@{ alg = 'SHA-512'; content = [Convert]::ToHexString([Convert]::FromBase64String($library.Sha512)).ToLowerInvariant() }) }
    $nuspec = if ($folder) { Get-ChildItem $folder -Filter *.nuspec | Select-Object -First 1 }
    if ($nuspec) {
        $metadata = ([xml] (Get-Content $nuspec.FullName -Raw)).package.metadata
        if ($metadata.license.type -eq 'expression') { $component.licenses = @([ordered]@{ expression = $metadata.license.InnerText }) }
        elseif ($metadata.license) { $component.licenses = @([ordered]@{ license = [ordered]@{ name = "in the package: $($metadata.license.InnerText)" } }) }
        elseif ($metadata.licenseUrl) { $component.licenses = @([ordered]@{ license = [ordered]@{ name = "see $($metadata.licenseUrl)" } }) }
    }
    $component.purl = "pkg:nuget/$id@$number"
    $component
}
if (-not $components) { throw 'No package was found; is everything restored?' }

$main = [ordered]@{ type = 'application'; 'bom-ref' = "servicectl@$Version"; name = 'ServiceCtl'; version = $Version; licenses = @([ordered]@{ license = [ordered]@{ id = 'MIT' } }) }
$document = [ordered]@{
    bomFormat = 'CycloneDX'; specVersion = '1.6'; version = 1
    metadata = [ordered]@{
        timestamp = [datetimeoffset]::FromUnixTimeSeconds($Epoch).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")
        component = $main
        properties = @([ordered]@{ name = 'dotnet-sdk'; value = $Sdk })
    }
    components = @($components)
    dependencies = @([ordered]@{ ref = $main.'bom-ref'; dependsOn = @($components | ForEach-Object { $_['bom-ref'] }) })
}
[System.IO.File]::WriteAllText((Join-Path $Destination "servicectl-$Version.cdx.json"), ($document | ConvertTo-Json -Depth 10) + "`n")
