# Installs the office host as a Windows service; run it as administrator.
#   .\redress-service.ps1 -Program "C:\Program Files\Redress\redressctl.exe" -Data "D:\Redress\office"
# The service runs as LOCAL SERVICE: give that account the data folder and nothing else.
param(
    [Parameter(Mandatory)] [string] $Program,
    [Parameter(Mandatory)] [string] $Data,
    [string] $Pages = (Join-Path (Split-Path $Program) "ui"),
    [string] $Listen = "0.0.0.0:8443"
)
$ErrorActionPreference = "Stop"
New-Item -ItemType Directory -Force $Data | Out-Null
icacls $Data /inheritance:r /grant "*S-1-5-19:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" | Out-Null
$log = Join-Path (Split-Path $Data) "redress-host.log"
New-Item -ItemType File -Force $log | Out-Null
icacls $log /grant "*S-1-5-19:M" | Out-Null
$line = "`"$Program`" serve `"$Data`" --ui `"$Pages`" --listen $Listen --log `"$log`" --service"
sc.exe create Redress binPath= $line start= delayed-auto obj= "NT AUTHORITY\LocalService" DisplayName= "Redress office host"
sc.exe failure Redress reset= 86400 actions= restart/5000/restart/5000/restart/60000
New-NetFirewallRule -DisplayName "Redress office host" -Direction Inbound -Protocol TCP -LocalPort ($Listen -split ":")[-1] -Action Allow -Profile Domain,Private | Out-Null
sc.exe start Redress
