#include <wheatstone/oscilloscope.hpp>

#include "instrument/named.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

constexpr instrument::Named<Coupling> k_couplings[] = {{Coupling::dc, "DC"}, {Coupling::ac, "AC"}};
constexpr instrument::Named<TriggerSlope> k_slopes[] = {
    {TriggerSlope::positive, "positive"}, {TriggerSlope::positive, "POS"}, {TriggerSlope::positive, "rising"},
    {TriggerSlope::negative, "negative"}, {TriggerSlope::negative, "NEG"}, {TriggerSlope::negative, "falling"},
    {TriggerSlope::either, "either"},     {TriggerSlope::either, "EITH"},  {TriggerSlope::alternate, "alternate"},
    {TriggerSlope::alternate, "ALT"},
};
constexpr instrument::Named<TriggerSweep> k_sweeps[] = {{TriggerSweep::automatic, "automatic"},
                                                        {TriggerSweep::automatic, "AUTO"},
                                                        {TriggerSweep::normal, "normal"},
                                                        {TriggerSweep::normal, "NORM"}};
constexpr instrument::Named<TriggerCoupling> k_trigger_couplings[] = {
    {TriggerCoupling::dc, "DC"},
    {TriggerCoupling::ac, "AC"},
    {TriggerCoupling::low_frequency_reject, "low_frequency_reject"},
    {TriggerCoupling::low_frequency_reject, "LFReject"},
    {TriggerCoupling::low_frequency_reject, "LFR"}};
constexpr instrument::Named<AcquisitionType> k_types[] = {{AcquisitionType::normal, "normal"},
                                                          {AcquisitionType::normal, "NORM"},
                                                          {AcquisitionType::average, "average"},
                                                          {AcquisitionType::average, "AVER"},
                                                          {AcquisitionType::high_resolution, "high_resolution"},
                                                          {AcquisitionType::high_resolution, "high_res"},
                                                          {AcquisitionType::high_resolution, "HRES"},
                                                          {AcquisitionType::high_resolution, "HRESolution"},
                                                          {AcquisitionType::peak, "peak"},
                                                          {AcquisitionType::peak, "peak_detect"}};

}  // namespace

std::string_view name_of(Coupling coupling) { return instrument::name_among(std::span(k_couplings), coupling); }
std::string_view name_of(TriggerSlope slope) { return instrument::name_among(std::span(k_slopes), slope); }
std::string_view name_of(TriggerSweep sweep) { return instrument::name_among(std::span(k_sweeps), sweep); }
std::string_view name_of(TriggerCoupling coupling) {
  return instrument::name_among(std::span(k_trigger_couplings), coupling);
}
std::string_view name_of(AcquisitionType type) { return instrument::name_among(std::span(k_types), type); }

template <>
Coupling from_name<Coupling>(std::string_view name) {
  return instrument::value_among(std::span(k_couplings), name, "coupling of a channel");
}
template <>
TriggerSlope from_name<TriggerSlope>(std::string_view name) {
  return instrument::value_among(std::span(k_slopes), name, "slope of a trigger");
}
template <>
TriggerSweep from_name<TriggerSweep>(std::string_view name) {
  return instrument::value_among(std::span(k_sweeps), name, "sweep of a trigger");
}
template <>
TriggerCoupling from_name<TriggerCoupling>(std::string_view name) {
  return instrument::value_among(std::span(k_trigger_couplings), name, "coupling of a trigger");
}
template <>
AcquisitionType from_name<AcquisitionType>(std::string_view name) {
  return instrument::value_among(std::span(k_types), name, "type of acquisition");
}

TriggerSource::TriggerSource(std::string_view name) {
  const std::string plain = instrument::plain_name(name);
  if (plain == "ext" || plain == "external") {
    word_ = "EXT";
  } else if (plain == "line") {
    word_ = "LINE";
  } else if (plain == "wgen") {
    word_ = "WGEN";
  }
  if (!word_.empty()) return;
  for (const std::string_view prefix : {"channel", "chan", "ch", ""}) {
    if (!plain.starts_with(prefix)) continue;
    const std::string_view digits = std::string_view(plain).substr(prefix.size());
    if (digits.size() == 1 && digits[0] >= '1' && digits[0] <= '9') {
      channel_ = digits[0] - '0';
      return;
    }
  }
  throw ConfigurationError(
      fmt::format("'{}' is no trigger source; give a channel ('CH1' or 1), 'external', 'line' or 'wgen'", name));
}

}  // namespace v1
}  // namespace wheatstone
