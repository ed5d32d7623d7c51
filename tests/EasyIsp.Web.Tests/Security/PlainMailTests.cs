using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>A mail or a text message is words and no page: what stands in it cannot run, whoever wrote it.</summary>
public sealed class PlainMailTests
{
    private static readonly string[] Projects = ["EasyIsp.Core", "EasyIsp.Web", "EasyIsp.Portal"];

    [Fact]
    public void No_mail_is_written_as_html_and_one_place_writes_all()
    {
        var sources = Projects.SelectMany(project => Surface.Sources("*.cs", project)).ToList();

        Assert.DoesNotContain(sources, source => source.Text.Contains("TextFormat.Html", StringComparison.Ordinal) || source.Text.Contains("HtmlBody", StringComparison.Ordinal));
        Assert.Equal(["EasyIsp.Core/Mail/MailServer.cs"], sources.Where(source => source.Text.Contains("new MimeMessage", StringComparison.Ordinal)).Select(source => source.Path));
    }
}
