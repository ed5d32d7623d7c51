using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Vouchers;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>Finds a voucher by the code that somebody typed as his user name.</summary>
internal sealed class VoucherReader(PlatformDataSource database, BlindIndex index)
{
    private const string Sql = "select id, serial, redeemed_by from vouchers where tenant_id = $1 and code_digest = $2";

    /// <summary>Reads the index's key, over a connection and a lock of its own, so that no packet's thread has to wait there.</summary>
    /// <exception cref="InvalidOperationException">The database is away, or the installation was never prepared.</exception>
    public void Prepare() => index.Of(Guid.Empty, "");

    /// <returns>Null when it is no code of this tenant.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<TypedVoucher?> FindAsync(Guid tenantId, string typed, CancellationToken cancellationToken)
    {
        if (VoucherCode.Normalize(typed) is not { } code)
            return null;

        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = tenantId },
                new NpgsqlParameter<byte[]> { TypedValue = index.Of(tenantId, code) },
            },
        };
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new TypedVoucher(reader.GetGuid(0), reader.GetInt64(1), code, reader.IsDBNull(2) ? null : reader.GetGuid(2))
            : null;
    }
}

/// <summary>A voucher whose code somebody typed. The code is money: printing the record does not show it.</summary>
internal sealed record TypedVoucher(Guid Id, long Serial, string Code, Guid? RedeemedBy)
{
    /// <summary>What stands in the session's place for the user name, since the code itself is kept nowhere readable.</summary>
    public string SessionUserName => $"voucher:{Serial}";

    public override string ToString() => SessionUserName;
}
