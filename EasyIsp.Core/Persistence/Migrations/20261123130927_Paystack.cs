using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Paystack : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_mpesa",
                table: "payment_accounts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_rail",
                table: "payment_accounts");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "read_again_at",
                table: "provider_messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_test",
                table: "payment_accounts",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "receipts_to",
                table: "payment_accounts",
                type: "character varying(254)",
                maxLength: 254,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "secret_key",
                table: "payment_accounts",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_rail",
                table: "payment_accounts",
                sql: "rail in ('Mpesa', 'Cash', 'Cheque', 'Bank', 'Paystack')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_terms",
                table: "payment_accounts",
                sql: "case rail\n  when 'Mpesa' then num_nonnulls(kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key) = 7\n    and num_nonnulls(secret_key, receipts_to) = 0 and not is_test\n  when 'Paystack' then num_nonnulls(base_url, callback_key, secret_key, receipts_to) = 4\n    and num_nonnulls(kind, short_code, till_number, consumer_key, consumer_secret, passkey, confirmed_since) = 0\n  else num_nonnulls(kind, base_url, short_code, till_number, consumer_key, consumer_secret, passkey, callback_key, confirmed_since, secret_key, receipts_to) = 0\n    and not is_test\nend");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_rail",
                table: "payment_accounts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_terms",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "read_again_at",
                table: "provider_messages");

            migrationBuilder.DropColumn(
                name: "is_test",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "receipts_to",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "secret_key",
                table: "payment_accounts");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_mpesa",
                table: "payment_accounts",
                sql: "case when rail = 'Mpesa'\n  then num_nonnulls(kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key) = 7\n  else num_nonnulls(kind, base_url, short_code, till_number, consumer_key, consumer_secret, passkey, callback_key, confirmed_since) = 0\nend");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_rail",
                table: "payment_accounts",
                sql: "rail in ('Mpesa', 'Cash', 'Cheque', 'Bank')");
        }
    }
}
