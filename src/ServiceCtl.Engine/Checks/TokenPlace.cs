namespace ServiceCtl.Engine.Checks;

/// <summary>Where a request carries its token.</summary>
public enum TokenPlace
{
    /// <summary>As the member <c>token</c> beside <c>method</c> and <c>params</c>.</summary>
    Request,

    /// <summary>As the parameter <c>token</c>.</summary>
    Params,

    /// <summary>As <c>Authorization: Bearer</c>.</summary>
    Header,
}
