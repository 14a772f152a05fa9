using Erp.Customs.Contracts.Capture;
using Erp.Customs.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Capture;

/// <summary>An ERP's own payment code with the doors of the capture in it: a client named wechat, and the notify endpoints of two payment companies.</summary>
internal sealed class Shop : IStartupFilter
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IStartupFilter, Shop>();
        services.AddHttpClient("wechat").AddRawPaymentCapture(options =>
        {
            options.Merchant = CustomsWorld.Ningbo;
            options.Channel = "wechat";
            options.TradeNo = TradeNo.Xml("out_trade_no");
            options.Where = request => request.RequestUri!.AbsolutePath == "/pay/unifiedorder";
        });
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.CapturePaymentNotify("/wechat/notify", options => (options.Merchant, options.Channel, options.TradeNo) = (CustomsWorld.Ningbo, "wechat", TradeNo.Xml("out_trade_no")));
        app.CapturePaymentNotify("/alipay/notify", options => (options.Merchant, options.Channel, options.TradeNo) = (CustomsWorld.Ningbo, "alipay", TradeNo.Field("out_trade_no")));
        app.Map("/wechat/notify", shop => shop.Run(WeChatLikeClient.HandleNotifyAsync));
        app.Map("/alipay/notify", shop => shop.Run(AlipayLikeClient.HandleNotifyAsync));
        next(app);
    };
}
