<#
    What the test files share: services to try things on, fresh sessions, and a clean end. Each file dot-sources this in BeforeAll.
#>
$root = Split-Path (Split-Path $PSScriptRoot)
$module = Join-Path $root 'output/ServiceCtl'
# As Run.ps1 has made it.
$pwsh = Join-Path (Split-Path $env:SERVICECTL_HOME) 'pwsh'

function Get-FreePort {
    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $listener.Start()
    try { $listener.LocalEndpoint.Port } finally { $listener.Stop() }
}

# A folder with a Flask service under uWSGI; not registered. Writes Name, Folder, Config, Port and Url.
# Not in TestDrive: Pester empties that after each Describe, under the feet of the running services.
function New-FlaskFolder([string] $Name, [string] $Uwsgi = 'processes: 2', [string] $App = '') {
    $folder = Join-Path (Split-Path $env:SERVICECTL_HOME) $Name
    Remove-Item $folder -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory $folder
    $port = Get-FreePort
    Set-Content (Join-Path $folder 'app.py') @"
import time
from flask import Flask
app = Flask(__name__)

@app.route('/ping', methods=['GET', 'POST'])
def ping():
    return {'pong': True}

@app.route('/version')
def version():
    return 'one'
$App
"@
    Set-Content (Join-Path $folder 'config.yaml') @"
SERVICE_NAME: $Name
TMP_DIR: &tmp tmp
pid_file: !join [*tmp, /service.pid]
local_ip: 127.0.0.1
local_port: &port $port
SERVER_PORT: *port
directories_to_create: [log, *tmp]
uwsgi:
  config_file: !join [*tmp, /uwsgi.ini]
  http-socket: !join ["127.0.0.1:", *port]
  module: app:app
  $Uwsgi
"@
    [pscustomobject]@{ Name = $Name; Folder = $folder; Config = Join-Path $folder 'config.yaml'; Port = $port; Url = "http://127.0.0.1:$port" }
}

# The same, registered.
function Add-FlaskService([string] $Name, [string] $Uwsgi = 'processes: 2', [string] $App = '') {
    $service = New-FlaskFolder $Name -Uwsgi $Uwsgi -App $App
    Register-PyService $service.Folder
    $service
}

# Python takes cached bytecode for the new code when size and second are the same.
function Set-FlaskCode($Service, [string] $Text, [string] $By) {
    $file = Join-Path $Service.Folder 'app.py'
    (Get-Content $file -Raw).Replace($Text, $By) | Set-Content $file -NoNewline
    Remove-Item (Join-Path $Service.Folder '__pycache__') -Recurse -ErrorAction Ignore
}

function Remove-AllServices {
    Get-PyService | Unregister-PyService -Force -Confirm:$false
}

# What a fresh session without a profile prints, line by line.
function Invoke-FreshSession([string] $Script, [switch] $Import) {
    if ($Import) { $Script = "Import-Module '$module'; $Script" }
    $lines = & $pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; `$PSStyle.OutputRendering = 'PlainText'; $Script"
    if ($LASTEXITCODE) { throw "the session failed: $lines" }
    $lines
}

# The errors that a block writes, and the objects, without any of them reaching the console.
function Get-Outcome([scriptblock] $Block) {
    $written = try { & $Block 2>&1 } catch { $_ }
    [pscustomobject]@{
        Errors = @($written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        Objects = @($written | Where-Object { $_ -isnot [System.Management.Automation.ErrorRecord] })
    }
}

# How long tests wait for what has to come: a machine that is busy with something else makes them slow, never wrong.
$patience = [timespan]::FromMinutes(3)

function Wait-Until([scriptblock] $Condition, [string] $What) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($watch.Elapsed -gt $patience) { throw "not within $($patience.TotalSeconds) s: $What" }
        Start-Sleep -Milliseconds 20
    }
}

# Tries until one takes less than so many milliseconds. Something else may hold a try up, and nobody can tell by how much; what can't be quick never is.
function Get-Quickest([scriptblock] $Attempt, [double] $Goal = 200) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $quickest = [double]::MaxValue
    while ($quickest -ge $Goal -and $watch.Elapsed -lt $patience) { $quickest = [Math]::Min($quickest, (& $Attempt)) }
    $quickest
}

# Is the process gone in the end? One that has ended and waits to be reaped by its parent is gone.
function Test-Ended([int] $Id, [timespan] $Within = $patience) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($watch.Elapsed -lt $Within) {
        $state = Get-Content "/proc/$Id/stat" -ErrorAction Ignore
        if (-not $state -or $state -match '\) [ZX] ') { return $true }
        Start-Sleep -Milliseconds 50
    }
    $false
}
