using System.Globalization;
using Erp.Customs.Module.Admin.Requests;
using Erp.Customs.Module.Storage;
using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;

namespace Erp.Customs.Module.Admin.Dashboard;

/// <summary>The page behind <see cref="UploadsDispatcher"/>, in Hangfire's layout. Everything that is not a literal is encoded.</summary>
internal sealed class UploadsPage : RazorPage
{
    private ScreenWords _say = null!;
    private UploadsView _view = null!;

    public override void Execute()
    {
        var http = Context.GetHttpContext();
        _say = new ScreenWords(http);
        _view = http.Features.Get<UploadsView>()!;
        Layout = new LayoutPage(_say["海关上报", "Customs uploads"]);
        WriteLiteral("<div class=\"row\"><div class=\"col-md-12\"><h1 class=\"page-header\">");
        Write(_say["Customs uploads 海关上报", "Customs uploads"]);
        WriteLiteral("</h1>");
        Notices();
        FilterBar();
        if (_view.Confirming && !IsReadOnly)
        {
            Confirmation();
        }

        Table();
        WriteLiteral("</div></div>");
    }

    private void Notices()
    {
        if (_view.Filter.Problem is { } problem)
        {
            Box("danger", _say.Of(problem));
        }

        if (_view.Batch is { } batch)
        {
            Box(batch.Failed == 0 ? "success" : "warning", _say.Of(RequeueSummary.Of(batch)));
        }
    }

    private void FilterBar()
    {
        WriteLiteral("<form method=\"get\" class=\"form-inline\" id=\"filter\"><p>");
        Label("state", _say["状态", "State"]);
        WriteLiteral("<select class=\"form-control input-sm\" name=\"state\" id=\"state\">");
        Option(RequestFilter.FailedState, _say["失败（须处理）", "Failed (a person must act)"]);
        Option("", _say["全部", "All"]);
        foreach (var state in Enum.GetValues<RequestState>())
        {
            Option(RequestStates.Word(state), _say.State(state));
        }

        WriteLiteral("</select> ");
        Field("text", "order", _say["订单编号", "Order"], _view.Filter.Order);
        Field("date", "from", _say["接收日期 从", "Received from"], _view.Filter.From);
        Field("date", "until", _say["至", "to"], _view.Filter.Until);
        WriteLiteral("<button class=\"btn btn-sm btn-primary\">");
        Write(_say["查询", "Search"]);
        WriteLiteral("</button> ");
        if (!IsReadOnly && _view.Total > 0)
        {
            WriteLiteral("<button class=\"btn btn-sm btn-default\" name=\"confirm\" value=\"1\" id=\"requeue-all\">");
            Write(_say[$"全部重新排队（{_view.Total}）…", $"Queue all again ({_view.Total})…"]);
            WriteLiteral("</button>");
        }

        WriteLiteral("</p></form>");
    }

    private void Confirmation()
    {
        var taken = Math.Min(_view.Total, RequeueSummary.Most);
        WriteLiteral("<form method=\"post\" class=\"alert alert-warning\" id=\"confirmation\"><p>");
        Write(_say[
            $"将对符合条件的 {taken} 条请求重新排队：已加签的原样重发，未加签的重新组报文。确定吗？",
            $"{taken} requests will be queued again: what is signed is sent as it is, what is not is made anew. Go on?"]);
        WriteLiteral("</p>");
        Hidden(_view.Tokens.FormFieldName, _view.Tokens.RequestToken!);
        foreach (var (name, value) in _view.Filter.Fields())
        {
            Hidden(name, value);
        }

        WriteLiteral("<button class=\"btn btn-sm btn-primary\" id=\"confirmed\">");
        Write(_say["确定重新排队", "Queue again"]);
        WriteLiteral("</button> <a class=\"btn btn-sm btn-default\" href=\"");
        Write(Link());
        WriteLiteral("\">");
        Write(_say["取消", "Cancel"]);
        WriteLiteral("</a></form>");
    }

    private void Table()
    {
        WriteLiteral("<div class=\"table-responsive\"><table class=\"table\"><thead><tr>");
        foreach (var head in new[]
        {
            _say["接收时间", "Received"], _say["订单编号", "Order"], "sessionID", _say["状态", "State"], _say["发送次数", "Attempts"], _say["下次处理", "Next try"], _say["说明", "Reason"],
        })
        {
            Cell("th", head);
        }

        WriteLiteral("</tr></thead><tbody>");
        foreach (var request in _view.Rows)
        {
            WriteLiteral("<tr>");
            Cell("td", ChinaTime.ToScreen(request.ReceivedAt));
            Cell("td", request.OrderNo + (request.Purpose == RequestPurpose.Test ? _say["（联调）", " (test)"] : ""));
            Cell("td", request.SessionId);
            Cell("td", _say.State(request.State));
            Cell("td", request.Attempts.ToString(CultureInfo.InvariantCulture));
            Cell("td", request.NextAttemptAt is { } next ? ChinaTime.ToScreen(next) : "");
            Cell("td", _say.Of(request.Reason));
            WriteLiteral("</tr>");
        }

        WriteLiteral("</tbody></table></div>");
        if (_view.Rows.Count == 0)
        {
            Box("success", _say["没有符合条件的请求", "No request fits"]);
        }

        if (_view.Next is { } before)
        {
            WriteLiteral("<p><a class=\"btn btn-sm btn-default\" href=\"");
            Write(Link() + "&before=" + before);
            WriteLiteral("\">");
            Write(_say["下一页", "Next page"]);
            WriteLiteral("</a></p>");
        }
    }

    private string Link() =>
        Url.To(JobsScreen.UploadsPath) + "?" + string.Join('&', _view.Filter.Fields().Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));

    private void Label(string name, string text)
    {
        WriteLiteral($"<label for=\"{name}\">");
        Write(text);
        WriteLiteral("</label> ");
    }

    private void Field(string type, string name, string label, string value)
    {
        Label(name, label);
        WriteLiteral($"<input class=\"form-control input-sm\" type=\"{type}\" name=\"{name}\" id=\"{name}\" value=\"");
        Write(value);
        WriteLiteral("\"> ");
    }

    private void Option(string value, string text)
    {
        WriteLiteral($"<option value=\"{value}\"{(value == _view.Filter.State ? " selected" : "")}>");
        Write(text);
        WriteLiteral("</option>");
    }

    private void Hidden(string name, string value)
    {
        WriteLiteral("<input type=\"hidden\" name=\"");
        Write(name);
        WriteLiteral("\" value=\"");
        Write(value);
        WriteLiteral("\">");
    }

    private void Box(string kind, string text)
    {
        WriteLiteral($"<div class=\"alert alert-{kind}\">");
        Write(text);
        WriteLiteral("</div>");
    }

    private void Cell(string tag, string text)
    {
        WriteLiteral($"<{tag}>");
        Write(text);
        WriteLiteral($"</{tag}>");
    }
}
