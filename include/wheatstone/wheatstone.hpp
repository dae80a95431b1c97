#pragma once
// All of the library's public words.

#include <wheatstone/acquisition.hpp>
#include <wheatstone/bench.hpp>
#include <wheatstone/control.hpp>
#include <wheatstone/duration.hpp>
#include <wheatstone/electronic_load.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/instrument.hpp>
#include <wheatstone/multimeter.hpp>
#include <wheatstone/observer.hpp>
#include <wheatstone/order.hpp>
#include <wheatstone/oscilloscope.hpp>
#include <wheatstone/parameter.hpp>
#include <wheatstone/point.hpp>
#include <wheatstone/power_supply.hpp>
#include <wheatstone/profile.hpp>
#include <wheatstone/progress.hpp>
#include <wheatstone/reading.hpp>
#include <wheatstone/row.hpp>
#include <wheatstone/session.hpp>
#include <wheatstone/settle.hpp>
#include <wheatstone/store.hpp>
#include <wheatstone/unit.hpp>
#include <wheatstone/value.hpp>
#include <wheatstone/version.hpp>
