namespace ServiceCtl.Contracts;

/// <summary>Which init system a unit is for.</summary>
public enum ServiceUnitType
{
    Systemd,

    /// <summary>A script for <c>/etc/init.d</c>, with LSB headers.</summary>
    SysV,
}
