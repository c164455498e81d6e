# Installs the office host as a Windows service; run it as administrator, after the office was made:
#   redressctl init "D:\Redress\office" --organisation "…"
#   .\redress-service.ps1 -Program "C:\Program Files\Redress\redressctl.exe" -Data "D:\Redress\office"
# The service runs as LOCAL SERVICE: that account gets the data folder and nothing else.
param(
    [Parameter(Mandatory)] [string] $Program,
    [Parameter(Mandatory)] [string] $Data,
    [string] $Pages = (Join-Path (Split-Path $Program) "ui"),
    [string] $Listen = "0.0.0.0:8443"
)
$ErrorActionPreference = "Stop"
# What a program of Windows answers does not stop a script by itself.
function Must { param([scriptblock] $Do) & $Do | Out-Null; if ($LASTEXITCODE -ne 0) { throw "$Do ended with $LASTEXITCODE" } }

Must { icacls $Data /inheritance:r /grant "*S-1-5-19:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" }
$log = Join-Path (Split-Path $Data) "redress-log"
if (-not (Test-Path $log)) { New-Item -ItemType Directory $log | Out-Null }
Must { icacls $log /inheritance:r /grant "*S-1-5-19:(OI)(CI)M" "*S-1-5-32-544:(OI)(CI)F" }
$line = '"{0}" serve "{1}" --ui "{2}" --listen {3} --log "{4}" --service' -f $Program, $Data, $Pages, $Listen, $log
New-Service -Name Redress -DisplayName "Redress office host" -StartupType Automatic -BinaryPathName $line | Out-Null
Must { sc.exe config Redress obj= "NT AUTHORITY\LocalService" start= delayed-auto }
# Also where it ends by itself with an error, as while its folder is open elsewhere.
Must { sc.exe failure Redress reset= 86400 actions= restart/5000/restart/5000/restart/60000 }
Must { sc.exe failureflag Redress 1 }
# Windows that look for the host ask by mDNS.
New-NetFirewallRule -DisplayName "Redress office host (found on the network)" -Direction Inbound -Protocol UDP -LocalPort 5353 -Program $Program -Action Allow -Profile Domain,Private | Out-Null
$port = ($Listen -split ":")[-1]
New-NetFirewallRule -DisplayName "Redress office host" -Direction Inbound -Protocol TCP -LocalPort $port -Action Allow -Profile Domain,Private | Out-Null
Start-Service Redress
