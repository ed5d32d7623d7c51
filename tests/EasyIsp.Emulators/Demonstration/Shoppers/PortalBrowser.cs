namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>The captive browser of one phone: keeps cookies, follows redirects, runs no script. Owns its client.</summary>
internal sealed class PortalBrowser(HttpClient client) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static PortalBrowser Open() => new(new HttpClient { Timeout = Patience });

    /// <exception cref="HttpRequestException">The portal is away, or refuses.</exception>
    public async Task<PortalPage> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(address, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <param name="phone">Typed into the form's field for it.</param>
    /// <exception cref="HttpRequestException">The portal is away, or refuses.</exception>
    public async Task<PortalPage> PayAsync(PortalForm form, string phone, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(
            form.Fields.Select(field => field.Key == form.PhoneField ? KeyValuePair.Create(field.Key, phone) : field));
        using var answer = await client.PostAsync(form.Action, content, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private static async Task<PortalPage> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        answer.EnsureSuccessStatusCode();
        return PortalPage.Read(answer.RequestMessage!.RequestUri!, await answer.Content.ReadAsStringAsync(cancellationToken));
    }
}
